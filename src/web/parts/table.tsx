import type { ReactNode } from 'react';
import classes from './table.module.css';

/** A plain table in the house's dress; it scrolls sideways inside itself, never the page. `name` is for who can't see it. */
export function Table({ name, head, children }: { name: string; head: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.scroll} role="region" aria-label={name} tabIndex={0}>
      <table className={classes.table}>
        <thead>{head}</thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
