import { Link, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Texts } from '../locales/texts.ts';
import { Page } from '../parts/page.tsx';
import classes from './system-layout.module.css';
import { systemTabs } from './system-tabs.ts';

interface SystemLayoutProps {
  /** The h1: what this page of System is. */
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly width?: 'full' | 'reading';
  readonly children: ReactNode;
}

/** The frame of every page of System: title, one line, actions, and the way to the others. */
export function SystemLayout({ title, lead, actions, width = 'full', children }: SystemLayoutProps) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const words = t as Texts;
  return (
    <Page title={title} lead={lead} actions={actions} width={width}>
      <nav aria-label={words('system:pages')} className={classes.tabs}>
        {systemTabs.map(({ path, label }) => (
          <Link
            key={path}
            to={path}
            className={classes.tab}
            activeOptions={{ exact: true }}
            {...(pathname === path ? { 'aria-current': 'page' as const } : {})}
          >
            {label(words)}
          </Link>
        ))}
      </nav>
      {children}
    </Page>
  );
}
