import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Drawing } from './drawing.tsx';
import classes from './empty-state.module.css';

interface EmptyStateProps {
  readonly title: string;
  /** One sentence: what would be here. */
  readonly text: string;
  /** One primary action, at most one secondary. */
  readonly actions?: ReactNode;
  /** The same at the command line. */
  readonly command?: string;
}

/** A place with nothing in it yet, which says what to do next. An empty filter result has no drawing: `NothingFound`. */
export function EmptyState({ title, text, actions, command }: EmptyStateProps) {
  const { t } = useTranslation('parts');
  return (
    <div className={classes.empty}>
      <Drawing />
      <h2 className={classes.title}>{title}</h2>
      <p className={classes.text}>{text}</p>
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      {command !== undefined && (
        <p className={classes.command}>
          {t('orCommand')} <code>{command}</code>
        </p>
      )}
    </div>
  );
}

/** An empty filter result. */
export function NothingFound({ title, action }: { title: string; action?: ReactNode }) {
  return (
    <div className={classes.nothing}>
      <p>{title}</p>
      {action}
    </div>
  );
}
