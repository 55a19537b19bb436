import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { EventFilterInput, EventPage, EventStats } from '../../contract/system.ts';
import { get } from '../api/client.ts';
import { eventQueryOf, type EventFilters } from './event-filter.ts';

const pageSize = 100;

/** Events that match, as of the moment that the page was opened, the filter changed, or `renew` was called. */
export function useEvents(filters: EventFilters) {
  const key = JSON.stringify(filters);
  const [at, setAt] = useState(() => Date.now());
  const query: EventFilterInput = eventQueryOf(filters, at);
  const list = useInfiniteQuery({
    queryKey: ['events', key, at],
    queryFn: ({ pageParam, signal }) =>
      get<EventPage>('/events', { ...query, limit: pageSize, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    staleTime: Infinity,
  });
  const stats = useQuery({
    queryKey: ['events', 'stats', key, at],
    queryFn: ({ signal }) => get<EventStats>('/events/stats', { ...query }, signal),
    staleTime: Infinity,
  });
  return { list, stats, query, at, renew: () => setAt(Date.now()) };
}
