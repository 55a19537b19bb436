import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { RunSummary } from '../../contract/run.ts';
import { get } from '../api/client.ts';
import { onRunChange } from '../live/run-feed.ts';

const shown = 5;
const queryKey = ['live-runs'];

/** The runs that are worked on now, the latest first; kept true by the feed of changes. */
export function useLiveRuns(): readonly RunSummary[] {
  const client = useQueryClient();
  const { data = [] } = useQuery({
    queryKey,
    queryFn: async ({ signal }) =>
      (await get<{ items: RunSummary[] }>('/runs', { status: 'running', limit: shown }, signal)).items,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(
    () =>
      onRunChange((change) => {
        if (change.kind === 'reset') return void client.invalidateQueries({ queryKey });
        const id = change.kind === 'run' ? change.run.id : change.runId;
        client.setQueryData<RunSummary[]>(queryKey, (before = []) => {
          const others = before.filter((run) => run.id !== id);
          if (change.kind !== 'run' || change.run.status !== 'running')
            return others.length === before.length ? before : others;
          return [change.run, ...others].toSorted((a, b) => b.id.localeCompare(a.id)).slice(0, shown);
        });
      }),
    [client],
  );
  return data;
}
