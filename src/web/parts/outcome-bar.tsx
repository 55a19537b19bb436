import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './outcome-bar.module.css';

interface OutcomeBarProps {
  readonly children: ReactNode;
  readonly close: string;
  readonly onClose: () => void;
}

/** What came of an act on rows of a table, above them, until it is put away. */
export function OutcomeBar({ children, close, onClose }: OutcomeBarProps) {
  return (
    <div className={classes.outcome} role="status">
      <div>{children}</div>
      <Button size="compact-sm" variant="subtle" onClick={onClose}>
        {close}
      </Button>
    </div>
  );
}
