import type { ReactNode } from 'react';
import classes from './card.module.css';

interface CardProps {
  readonly title?: ReactNode;
  /** Words beside the title, dimmed. */
  readonly note?: ReactNode;
  /** At the right of the header. */
  readonly actions?: ReactNode;
  readonly footer?: ReactNode;
  /** Amber, for what waits for the reader; red, for what failed. */
  readonly tone?: 'you' | 'bad';
  /** Rows reach the edges: for tables and lists. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A surface with a header; it holds rows divided by hairlines, never another card. */
export function Card({ title, note, actions, footer, tone, flush = false, children }: CardProps) {
  return (
    <section className={classes.card} data-tone={tone}>
      {title !== undefined && (
        <header className={classes.header}>
          <h2>{title}</h2>
          {note !== undefined && <span className={classes.note}>{note}</span>}
          {actions !== undefined && <div className={classes.actions}>{actions}</div>}
        </header>
      )}
      <div className={flush ? classes.flush : classes.body}>{children}</div>
      {footer !== undefined && <footer className={classes.footer}>{footer}</footer>}
    </section>
  );
}
