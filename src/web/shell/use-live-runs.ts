import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { RunSummary } from '../../contract/run.ts';
import { get } from '../api/client.ts';
import { onRunChange } from '../live/run-feed.ts';

const shown = 5;
/** A run that is over sooner would only flicker. */
const patienceMs = 700;
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
  useEffect(() => {
    const soon = new Map<string, number>();
    const forget = (id: string) => {
      window.clearTimeout(soon.get(id));
      soon.delete(id);
    };
    const stop = onRunChange((change) => {
      if (change.kind === 'reset') return void client.invalidateQueries({ queryKey });
      const id = change.kind === 'run' ? change.run.id : change.runId;
      forget(id);
      const edit = (runs: (before: RunSummary[]) => RunSummary[]) =>
        client.setQueryData<RunSummary[]>(queryKey, (before = []) => runs(before));
      if (change.kind !== 'run' || change.run.status !== 'running')
        return void edit((before) => without(before, id));
      const show = () =>
        void edit((before) => [change.run, ...without(before, id)].toSorted(latestFirst).slice(0, shown));
      soon.set(id, window.setTimeout(show, patienceMs));
    });
    return () => {
      stop();
      for (const timer of soon.values()) window.clearTimeout(timer);
    };
  }, [client]);
  return data;
}

function without(runs: RunSummary[], id: string): RunSummary[] {
  return runs.some((run) => run.id === id) ? runs.filter((run) => run.id !== id) : runs;
}

function latestFirst(a: RunSummary, b: RunSummary): number {
  return b.id.localeCompare(a.id);
}
