import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../contract/audit.ts';
import { get } from '../api/client.ts';
import { EmptyState, NothingFound } from '../parts/empty-state.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { AuditDetails } from './audit-details.tsx';
import { AuditExport } from './audit-export.tsx';
import { AuditFilterBar } from './audit-filter-bar.tsx';
import { filtersOf, queryOf, type AuditFilters } from './audit-filter.ts';
import { AuditTable } from './audit-table.tsx';
import classes from './audit.module.css';
import { SystemLayout } from './system-layout.tsx';

interface Entries {
  readonly items: readonly AuditEntry[];
  readonly next: string | null;
}

const pageSize = 50;

/** Who did what, and what was refused: filters in the address, the latest first, all of it to download. */
export default function AuditPage() {
  const { t } = useTranslation('audit');
  const filters = filtersOf(useSearch({ strict: false }));
  const navigate = useNavigate();
  const setFilters = (next: AuditFilters) =>
    void navigate({ to: '/system/audit', search: next as never, replace: true });
  const [opened, setOpened] = useState<AuditEntry | null>(null);
  const list = useEntries(filters);
  const entries = list.data?.pages.flatMap(({ items }) => items);
  const filtered = Object.keys(filters).length > 0;
  return (
    <SystemLayout title={t('title')} lead={t('lead')} actions={<AuditExport filters={filters} />}>
      <AuditFilterBar filters={filters} onChange={setFilters} />
      {list.error && <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />}
      {!entries && !list.error && <SkeletonRows rows={10} />}
      {entries?.length === 0 && !filtered && (
        <EmptyState title={t('emptyTitle')} text={t('emptyText')} command="gantry audit" />
      )}
      {entries?.length === 0 && filtered && (
        <NothingFound
          title={t('nothing')}
          action={
            <Button variant="default" onClick={() => setFilters({})}>
              {t('clear')}
            </Button>
          }
        />
      )}
      {entries && entries.length > 0 && <AuditTable entries={entries} onOpen={setOpened} />}
      {list.hasNextPage && (
        <div className={classes.more}>
          <Button
            variant="default"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t('more', { count: pageSize })}
          </Button>
        </div>
      )}
      <AuditDetails
        entry={opened}
        onClose={() => setOpened(null)}
        onFilter={(next) => {
          setOpened(null);
          setFilters(next);
        }}
      />
    </SystemLayout>
  );
}

function useEntries(filters: AuditFilters) {
  return useInfiniteQuery({
    queryKey: ['audit', filters],
    queryFn: ({ pageParam, signal }) =>
      get<Entries>('/audit', { ...queryOf(filters, Date.now()), cursor: pageParam, limit: pageSize }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: (before) => before,
  });
}
