import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Event } from '../../../contract/event.ts';
import type { Run } from '../../../contract/run.ts';
import { isTerminal } from '../../../contract/run-status.ts';
import { get, post } from '../../../web/api/client.ts';
import { progressOf, type ReplayProgress } from './progress-of.ts';

const everyMs = 1000;
/** The latest alone: a replay of thousands has more events than a page. */
const lastProgress = { types: 'progress', before: 2_147_483_647, limit: 1 };

interface ReplayState {
  readonly run: Run;
  readonly progress: ReplayProgress | undefined;
}

/** A replay and how far it is, asked every second until it has ended. */
export function useReplay(runId: string) {
  const client = useQueryClient();
  const queryKey = ['replay', runId];
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<ReplayState> => {
      const [run, events] = await Promise.all([
        get<Run>(`/runs/${runId}`, undefined, signal),
        get<{ items: readonly Event[] }>(`/runs/${runId}/events`, lastProgress, signal),
      ]);
      return { run, progress: progressOf(events.items) };
    },
    refetchInterval: ({ state }) => (state.data && isTerminal(state.data.run.status) ? false : everyMs),
  });
  const act = useMutation({
    mutationFn: (name: 'pause' | 'resume' | 'stop') => post(`/replays/${runId}/${name}`),
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  return { ...query, act };
}
