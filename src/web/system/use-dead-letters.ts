import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { BulkReply } from '../../contract/run-bulk.ts';
import type { DeadLetter } from '../../contract/system.ts';
import { get, newKey, post } from '../api/client.ts';

interface Letters {
  readonly items: readonly DeadLetter[];
  readonly next: string | null;
}

/** Dead letters, the latest first, page by page. */
export function useDeadLetters({ q, all, limit }: { q: string; all: boolean; limit: number }) {
  return useInfiniteQuery({
    queryKey: ['system', 'dead-letters', q, all, limit],
    queryFn: ({ pageParam, signal }) =>
      get<Letters>('/system/dead-letters', { q, all: String(all), limit, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    refetchInterval: 5000,
  });
}

/** What came of an act on dead letters, to be said where it was done. */
export interface LetterOutcome {
  /** The new run of each that was retried. */
  readonly started: ReadonlyMap<string, string>;
  readonly refused: readonly { readonly id: string; readonly reason: string }[];
}

/** Retries some of them, and remembers here what came of each. */
export function useRetry() {
  const client = useQueryClient();
  const [outcome, setOutcome] = useState<LetterOutcome | null>(null);
  const { mutateAsync, isPending, variables, error } = useMutation({
    mutationFn: async (ids: readonly string[]) => {
      const body = { action: 'retry', ids };
      const { results } = await post<BulkReply>('/runs/bulk', body, { idempotencyKey: newKey() });
      return {
        started: new Map(
          results.flatMap((each) =>
            each.outcome === 'done' && each.runId ? [[each.id, each.runId] as const] : [],
          ),
        ),
        refused: results.flatMap((each) =>
          each.outcome === 'refused' ? [{ id: each.id, reason: each.reason }] : [],
        ),
      };
    },
    onSuccess: (result) => {
      setOutcome((before) => ({
        started: new Map([...(before?.started ?? []), ...result.started]),
        refused: result.refused,
      }));
      void client.invalidateQueries({ queryKey: ['system', 'overview'] });
    },
  });
  return { retry: mutateAsync, busy: isPending ? variables : undefined, error, outcome, setOutcome };
}
