import { useEffect, type ReactNode } from 'react';
import { setPageTitle } from '../parts/page-title.ts';
import classes from './heading.module.css';

interface HeadingProps {
  readonly title: string;
  readonly step?: string;
  readonly children?: ReactNode;
}

/** Title and a sentence above the form. */
export function Heading({ title, step, children }: HeadingProps) {
  useEffect(() => setPageTitle(title), [title]);
  return (
    <header className={classes.heading}>
      {step !== undefined && <p className={classes.step}>{step}</p>}
      <h1>{title}</h1>
      {children !== undefined && <p className={classes.text}>{children}</p>}
    </header>
  );
}
