import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { setPageTitle } from './page-title.ts';
import classes from './page.module.css';

interface PageProps {
  /** The h1, and the tab's title. */
  readonly title: string;
  /** The tab's title where it should say more than the h1. */
  readonly tabTitle?: string;
  readonly crumbs?: ReactNode;
  /** One line under the title: state and figures, or what the page is for. */
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  /** `reading` keeps to 820 px, for forms and text. */
  readonly width?: 'full' | 'reading';
  readonly children: ReactNode;
}

/** The frame of every page inside the shell: crumbs, title, one line, actions at the right (below on narrow screens). */
export function Page({
  title,
  tabTitle = title,
  crumbs,
  lead,
  actions,
  width = 'full',
  children,
}: PageProps) {
  const { t } = useTranslation('parts');
  useEffect(() => setPageTitle(tabTitle), [tabTitle]);
  return (
    <div className={classes.page} data-width={width}>
      <header className={classes.header}>
        <div className={classes.words}>
          {crumbs !== undefined && (
            <nav aria-label={t('breadcrumb')} className={classes.crumbs}>
              {crumbs}
            </nav>
          )}
          <h1>{title}</h1>
          {lead !== undefined && <div className={classes.lead}>{lead}</div>}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
