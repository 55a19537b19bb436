import { Button, Select } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import { eventText } from '../../contract/event-text.ts';
import type { Event } from '../../contract/event.ts';
import { eventTypes } from '../../contract/event-types.ts';
import { get } from '../api/client.ts';
import { exactTime } from '../format/time.ts';
import { NothingFound } from '../parts/empty-state.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { Table } from '../parts/table.tsx';
import { JsonView } from './json-view.tsx';
import classes from './events-tab.module.css';
import type { Shown } from './shown.ts';
import { sinceText } from './since-text.ts';

interface EventPage {
  readonly items: readonly Event[];
  readonly next: string | null;
}

const pageSize = 100;

/** Every event as it is stored, the latest first. */
export function EventsTab(props: Shown) {
  return props.moment.loaded ? <EventList {...props} /> : <SkeletonRows />;
}

function EventList({ run, moment, nameOf }: Shown) {
  const { t } = useTranslation('run');
  const [type, setType] = useState<string | null>(null);
  const [upTo, setUpTo] = useState(moment.view.lastSeq);
  const query = useInfiniteQuery({
    queryKey: ['run', run.id, 'events', type, upTo],
    queryFn: ({ pageParam, signal }) =>
      get<EventPage>(`/runs/${run.id}/events`, { before: pageParam, limit: pageSize, types: type }, signal),
    initialPageParam: String(upTo + 1),
    getNextPageParam: (page) => page.next,
    staleTime: Infinity,
  });
  const events = query.data?.pages.flatMap((page) => page.items.toReversed()) ?? [];
  const fresh = moment.view.lastSeq - upTo;
  return (
    <>
      <div className={classes.bar}>
        <Select
          size="xs"
          aria-label={t('events.type')}
          placeholder={t('events.every')}
          data={eventTypes}
          value={type}
          onChange={setType}
          clearable
          searchable
        />
        {fresh > 0 && (
          <Button size="compact-sm" variant="default" onClick={() => setUpTo(moment.view.lastSeq)}>
            {t('events.fresh', { count: fresh })}
          </Button>
        )}
      </div>
      {query.error && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <SkeletonRows />}
      {query.isSuccess && events.length === 0 && <NothingFound title={t('events.none')} />}
      {events.length > 0 && (
        <Table
          name={t('events.name')}
          head={
            <tr>
              <th data-number>{t('events.number')}</th>
              <th>{t('events.time')}</th>
              <th>{t('events.type')}</th>
              <th>{t('events.says')}</th>
            </tr>
          }
        >
          {events.map((event) => (
            <EventRow key={event.seq} event={event} from={run.createdAt} nameOf={nameOf} />
          ))}
        </Table>
      )}
      {query.hasNextPage && (
        <div className={classes.more}>
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t('events.more')}
          </Button>
        </div>
      )}
    </>
  );
}

function EventRow({ event, from, nameOf }: { event: Event; from: string; nameOf: (id: string) => string }) {
  const { t } = useTranslation(['run', 'events']);
  const [open, setOpen] = useState(false);
  const text = eventText(event, nameOf);
  const says = text
    ? t(`events:${text.key}`, text.values)
    : inert(event.type === 'output' ? event.data.text.slice(0, 300) : event.type);
  return (
    <>
      <tr>
        <td data-number>{event.seq}</td>
        <td className={classes.time} title={exactTime(event.at)}>
          {sinceText(event.at, from)}
        </td>
        <td>
          <button type="button" className={classes.type} aria-expanded={open} onClick={() => setOpen(!open)}>
            {event.type}
          </button>
        </td>
        <td className={classes.says}>
          <bdi>{says.slice(0, 300)}</bdi>
        </td>
      </tr>
      {open && (
        <tr>
          <td colSpan={4}>
            <JsonView value={event} name={t('run:events.data', { number: event.seq })} />
          </td>
        </tr>
      )}
    </>
  );
}
