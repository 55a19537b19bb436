import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { mySettingsQuery } from '../api/my-settings.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { BrowserCard } from './browser-card.tsx';
import { EmailCard } from './email-card.tsx';
import { notificationsQuery } from './notification-queries.ts';
import { QuietHoursCard } from './quiet-hours-card.tsx';
import { WebhookCard } from './webhook-card.tsx';
import { WhatCard } from './what-card.tsx';

/** `/account/notifications`: of what one is told, by which channels, and when not. */
export default function NotificationsPage() {
  const { t } = useTranslation(['notify', 'account']);
  const settings = useQuery(mySettingsQuery);
  const state = useQuery(notificationsQuery);
  const error = settings.error ?? state.error;
  const values = settings.data?.values;
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      width="reading"
      crumbs={<Link to="/account">{t('account:title')}</Link>}
    >
      {error && <ErrorPanel error={error} onRetry={() => void settings.refetch()} />}
      {(!values || !state.data) && !error && <SkeletonRows rows={8} />}
      {values && state.data && (
        <>
          <WhatCard values={values} state={state.data} />
          <BrowserCard />
          <EmailCard state={state.data} />
          <WebhookCard state={state.data} />
          <QuietHoursCard quietHours={values.quietHours} />
        </>
      )}
    </Page>
  );
}
