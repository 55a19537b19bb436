import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Dispatch } from 'react';
import { newKey, post } from '../../../../web/api/client.ts';
import { inputOf, type Draft } from '../draft.ts';
import type { ExecutionRun } from '../queries.ts';
import type { PlaygroundAction } from './playground-state.ts';

export interface Starting {
  start(): void;
  readonly busy: boolean;
  /** Why the last start was refused. */
  readonly error: unknown;
}

/** Starts the program that stands in the editor; `onStarted` gets the run's id. */
export function useStart(
  draft: Draft,
  dispatch: Dispatch<PlaygroundAction>,
  onStarted: (runId: string) => void,
): Starting {
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: ({ input, key }: { input: unknown; key: string }) =>
      post<ExecutionRun>('/executions', input, { idempotencyKey: key }),
    onSuccess: (run) => {
      client.setQueryData(['execution', run.id], run);
      onStarted(run.id);
      void client.invalidateQueries({ queryKey: ['executions'] });
    },
  });
  const start = () => {
    if (isPending) return;
    const input = inputOf(draft);
    if (input) mutate({ input, key: newKey() });
    else dispatch({ type: 'tab', tab: 'args' });
  };
  return { start, busy: isPending, error };
}
