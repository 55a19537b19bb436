import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { RunSummary } from '../../../../contract/run.ts';
import { get } from '../../../../web/api/client.ts';
import type { SessionStanding } from '../../session-reply.ts';

const most = 100;
const refreshMs = 5000;

/** Where the sessions of a list stand, by id; looked at again while some are going on. */
export function useStandings(runs: readonly RunSummary[]): ReadonlyMap<string, SessionStanding> {
  const ids = runs.slice(0, most).map(({ id }) => id);
  // A run that has gone on stands elsewhere.
  const versions = runs.slice(0, most).map(({ id, status, asks }) => [id, status, asks?.since]);
  const { data } = useQuery({
    queryKey: ['runs', 'standings', versions],
    queryFn: ({ signal }) =>
      get<{ items: SessionStanding[] }>('/sessions/standings', { ids: ids.join(',') }, signal),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: runs.some(({ status }) => status === 'running') ? refreshMs : false,
  });
  return useMemo(() => new Map(data?.items.map((each) => [each.id, each])), [data]);
}
