import { useQuery } from '@tanstack/react-query';
import type { QueuedBecause, ShownSummary } from '../../contract/queued-because.ts';
import { get } from '../api/client.ts';

/** What a queued run waits for in the queue; looked at again every two seconds while it is queued. */
export function useTurn(runId: string, queued: boolean): QueuedBecause | null {
  const { data } = useQuery({
    queryKey: ['run', runId, 'turn'],
    queryFn: ({ signal }) => get<ShownSummary>(`/runs/${runId}/summary`, undefined, signal),
    enabled: queued,
    refetchInterval: 2000,
  });
  return queued ? (data?.queuedBecause ?? null) : null;
}
