import type { ReactNode } from 'react';
import classes from './review.module.css';

/** What is there for who wants to know more: closed until it is asked for. */
export function Fold({
  title,
  open,
  children,
}: {
  title: ReactNode;
  open?: boolean | undefined;
  children: ReactNode;
}) {
  return (
    <details className={classes.fold} open={open}>
      <summary>{title}</summary>
      <div className={classes.folded}>{children}</div>
    </details>
  );
}
