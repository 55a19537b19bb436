import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { InstanceSettingsView } from '../../contract/settings.ts';
import { get } from '../api/client.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { SettingsForm } from './settings-form.tsx';
import { SettingsHistory } from './settings-history.tsx';
import { SystemLayout } from './system-layout.tsx';

export const settingsQuery = {
  queryKey: ['settings'],
  queryFn: ({ signal }: { signal: AbortSignal }) => get<InstanceSettingsView>('/settings', undefined, signal),
};

/** What can be changed while Gantry runs: the form, and what it was before. */
export default function SettingsPage() {
  const { t } = useTranslation('settings');
  const { data: view, error, refetch } = useQuery(settingsQuery);
  return (
    <SystemLayout title={t('title')} lead={t('lead')} width="reading">
      {error && !view && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {!view && !error && <SkeletonRows rows={10} height={64} />}
      {view && <SettingsForm view={view} />}
      {view && <SettingsHistory view={view} />}
    </SystemLayout>
  );
}
