import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Event } from '../../contract/event.ts';
import { lastEventTypes } from '../../contract/event-types.ts';
import type { Relatives } from '../../contract/relatives.ts';
import type { Run, RunSummary } from '../../contract/run.ts';
import type { Step } from '../../contract/step.ts';
import { get } from '../api/client.ts';
import { followRun, type RunFollower, type RunMoment } from './run-follower.ts';

/** Who, when and in what state, without what went in and came out. Fetched anew when an event says that it changed. */
export function useRun(runId: string) {
  return useQuery({
    queryKey: ['run', runId],
    queryFn: ({ signal }) => get<RunSummary>(`/runs/${runId}/summary`, undefined, signal),
  });
}

/** The run with what went in and what came out. */
export function useWholeRun(runId: string) {
  return useQuery({
    queryKey: ['run', runId, 'whole'],
    queryFn: ({ signal }) => get<Run>(`/runs/${runId}`, undefined, signal),
  });
}

/** Its recorded steps, without what they returned. */
export function useSteps(runId: string) {
  return useQuery({
    queryKey: ['run', runId, 'steps'],
    queryFn: async ({ signal }) =>
      (await get<{ items: Step[] }>(`/runs/${runId}/steps`, { outputs: false }, signal)).items,
  });
}

/** The runs that it is tied to; while children are under way, looked at again every few seconds. */
export function useRelatives(runId: string) {
  return useQuery({
    queryKey: ['run', runId, 'relatives'],
    queryFn: ({ signal }) => get<Relatives>(`/runs/${runId}/relatives`, undefined, signal),
    refetchInterval: ({ state }) =>
      [...(state.data?.children ?? []), ...(state.data?.again ?? [])].some((run) => run.finishedAt === null)
        ? 3000
        : false,
  });
}

/** Follows the run's events while its page is open. A page of another run is another component. */
export function useFollower(runId: string): RunFollower {
  const [follower] = useState(() => followRun(runId));
  useEffect(() => {
    follower.start();
    return () => follower.close();
  }, [follower]);
  useRefresh(runId, follower);
  return follower;
}

/** What is shown of it now. */
export function useMoment(follower: RunFollower): RunMoment {
  return useSyncExternalStore(follower.subscribe, follower.moment);
}

const pauseMs = 300;

function useRefresh(runId: string, follower: RunFollower): void {
  const queries = useQueryClient();
  useEffect(() => refreshOnNews(queries, runId, follower), [queries, runId, follower]);
}

/** What events do not carry is fetched anew when one says that it changed; a burst of them fetches once. */
function refreshOnNews(queries: QueryClient, runId: string, follower: RunFollower): () => void {
  let timer: number | undefined;
  const stale = new Set<string>();
  const refresh = () => {
    timer = undefined;
    for (const part of stale) {
      const queryKey = part === 'run' ? ['run', runId] : ['run', runId, part];
      void queries.invalidateQueries({ queryKey, exact: true });
    }
    stale.clear();
  };
  const stop = follower.onNews((event) => {
    for (const part of partsChangedBy(event)) stale.add(part);
    if (stale.size > 0) timer ??= window.setTimeout(refresh, pauseMs);
  });
  return () => {
    stop();
    window.clearTimeout(timer);
  };
}

function partsChangedBy({ type }: Event): readonly ('run' | 'steps' | 'relatives' | 'whole')[] {
  if (type === 'child.started') return ['steps', 'relatives'];
  if (type === 'step.succeeded' || type === 'step.failed') return ['steps'];
  if (lastEventTypes.has(type)) return ['run', 'steps', 'whole'];
  if (type.startsWith('run.')) return ['run', 'steps'];
  return [];
}
