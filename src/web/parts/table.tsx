import type { ReactNode } from 'react';
import classes from './table.module.css';

interface TableProps {
  readonly name: string;
  readonly head: ReactNode;
  /** On narrow screens each row is a block, with `data-label` of a cell before it; `data-actions` goes below. */
  readonly folds?: boolean;
  readonly children: ReactNode;
}

/** A plain table in the house's dress; it scrolls sideways inside itself, never the page. `name` is for who can't see it. */
export function Table({ name, head, folds = false, children }: TableProps) {
  return (
    <div
      className={classes.scroll}
      data-folds={folds || undefined}
      role="region"
      aria-label={name}
      tabIndex={0}
    >
      <table className={classes.table}>
        <thead>{head}</thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
