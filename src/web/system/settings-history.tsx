import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstanceSettingsView, SettingsVersion } from '../../contract/settings.ts';
import { get } from '../api/client.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { RestoreSettings } from './restore-settings.tsx';
import classes from './settings.module.css';
import { SettingsVersionRow } from './settings-version-row.tsx';

interface Versions {
  readonly items: readonly SettingsVersion[];
  readonly next: string | null;
}

const pageSize = 20;

/** Every version there was, with who, when, why and what; each can be brought back. */
export function SettingsHistory({ view }: { view: InstanceSettingsView }) {
  const { t } = useTranslation('settings');
  const words = useTranslation('parts').t;
  const [restoring, setRestoring] = useState<number | null>(null);
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useInfiniteQuery({
      queryKey: ['settings-history', view.version],
      queryFn: ({ pageParam, signal }) =>
        get<Versions>('/settings/history', { cursor: pageParam, limit: pageSize }, signal),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ next }) => next ?? undefined,
      placeholderData: (before) => before,
    });
  const versions = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Card title={t('history')} note={t('historyNote')} flush>
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {isPending && !error && <SkeletonRows rows={3} />}
      {data && versions.length === 0 && (
        <div className={classes.never}>
          <h3>{t('neverChanged')}</h3>
          <p>{t('neverChangedText')}</p>
        </div>
      )}
      {versions.length > 0 && (
        <ol className={classes.versions} aria-label={t('history')}>
          {versions.map((version) => (
            <SettingsVersionRow
              key={version.version}
              version={version}
              isCurrent={version.version === view.version}
              onRestore={() => setRestoring(version.version)}
            />
          ))}
        </ol>
      )}
      <div className={classes.more}>
        {hasNextPage && (
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {words('loadMore', { count: pageSize })}
          </Button>
        )}
        {versions.length > 0 && !hasNextPage && Object.keys(view.overrides).length > 0 && (
          <Button variant="subtle" size="compact-sm" color="live" onClick={() => setRestoring(0)}>
            {t('restoreDefaults')}
          </Button>
        )}
      </div>
      {restoring !== null && (
        <RestoreSettings
          view={view}
          versions={versions}
          version={restoring}
          onClose={() => setRestoring(null)}
        />
      )}
    </Card>
  );
}
