import { Button } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FoundEvent } from '../../contract/system.ts';
import { webCapability } from '../capabilities.ts';
import { Card } from '../parts/card.tsx';
import { EmptyState, NothingFound } from '../parts/empty-state.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { EventCounts } from './event-counts.tsx';
import { EventDrawer } from './event-drawer.tsx';
import { EventExport } from './event-export.tsx';
import { EventFilterBar } from './event-filter-bar.tsx';
import { eventFiltersOf, replayFilterOf, withFilter, type EventFilters } from './event-filter.ts';
import { EventFoot } from './event-foot.tsx';
import { EventTable } from './event-table.tsx';
import { SystemLayout } from './system-layout.tsx';
import { useEvents } from './use-events.ts';

const ReplayDialog = webCapability('replay')?.ActOnRuns;

/** All that happened, over all runs: look, filter, export, start the runs again. */
export default function EventsPage() {
  const { t } = useTranslation(['system', 'parts']);
  const { filters, setFilters: search } = useFilters();
  const { list, stats, query, at, renew } = useEvents(filters);
  const setFilters = (next: EventFilters) => {
    renew();
    search(next);
  };
  const [opened, setOpened] = useState<FoundEvent | null>(null);
  const [replaying, setReplaying] = useState(false);
  const events = list.data?.pages.flatMap(({ items }) => items);
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <SystemLayout
      title={t('system:events.title')}
      lead={t('system:events.lead')}
      actions={
        <>
          <Button variant="default" onClick={renew}>
            {t('system:events.fresh')}
          </Button>
          <EventExport query={query} />
          <Button onClick={() => setReplaying(true)}>{t('system:events.replay')}</Button>
        </>
      }
    >
      <EventFilterBar key={filters.q ?? ''} filters={filters} onChange={setFilters} />
      {stats.data && stats.data.types.length > 0 && (
        <EventCounts
          stats={stats.data}
          chosen={filters.type}
          onChoose={(type) => setFilters(withFilter(filters, 'type', type))}
        />
      )}
      {list.error && <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />}
      {!events && !list.error && <SkeletonRows rows={12} />}
      {events?.length === 0 && !isFiltered && (
        <EmptyState title={t('system:events.none')} text={t('system:events.noneText')} />
      )}
      {events?.length === 0 && isFiltered && (
        <NothingFound
          title={list.hasNextPage ? t('system:events.nothingYet') : t('system:events.nothing')}
          action={
            <Button variant="default" onClick={() => setFilters({})}>
              {t('parts:clearFilters')}
            </Button>
          }
        />
      )}
      {events && events.length > 0 && (
        <Card flush>
          <EventTable events={events} onOpen={setOpened} />
        </Card>
      )}
      {list.data && (
        <EventFoot
          pages={list.data.pages}
          hasMore={list.hasNextPage}
          loading={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      )}
      <EventDrawer
        event={opened}
        onClose={() => setOpened(null)}
        onOnlyRun={(run) => {
          setOpened(null);
          setFilters({ run });
        }}
      />
      {replaying && ReplayDialog && (
        <Suspense fallback={null}>
          <ReplayDialog filter={replayFilterOf(filters, at)} onClose={() => setReplaying(false)} />
        </Suspense>
      )}
    </SystemLayout>
  );
}

/** The filters, which stand in the address. */
function useFilters() {
  const filters = eventFiltersOf(useSearch({ strict: false }));
  const navigate = useNavigate();
  const setFilters = (next: EventFilters) =>
    void navigate({ to: '/system/events', search: next as never, replace: true });
  return { filters, setFilters };
}
