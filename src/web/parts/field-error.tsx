import { IconAlertTriangle } from '@tabler/icons-react';
import classes from './field-error.module.css';

/** What is wrong with a field, for its `error`; nothing when nothing is. */
export function fieldError(text: string | undefined) {
  if (text === undefined) return undefined;
  return (
    <span className={classes.error}>
      <IconAlertTriangle size={14} stroke={1.75} aria-hidden="true" />
      {text}
    </span>
  );
}
