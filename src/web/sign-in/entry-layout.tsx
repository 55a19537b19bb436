import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Logo } from '../parts/logo.tsx';
import classes from './entry-layout.module.css';
import { useInstance } from './use-instance.ts';

interface EntryLayoutProps {
  /** What the right half is, for who can't see it. */
  readonly asideName: string;
  readonly aside: ReactNode;
  readonly children: ReactNode;
}

/** The pages before one is signed in: a form at the left; at the right, on wide screens beside and else below, what it is about. */
export function EntryLayout({ asideName, aside, children }: EntryLayoutProps) {
  const { t } = useTranslation(['shell', 'signIn']);
  const { data: instance } = useInstance();
  return (
    <div className={classes.entry}>
      <main className={classes.form}>
        <p className={classes.brand}>
          <Logo size={22} />
          {t('product')}
        </p>
        <div className={classes.middle}>{children}</div>
        <p className={classes.foot}>{instance && t('signIn:version', { version: instance.version })}</p>
      </main>
      <aside className={classes.aside} aria-label={asideName}>
        {aside}
      </aside>
    </div>
  );
}
