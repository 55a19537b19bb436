import { useMemo, useState } from 'react';
import { stdinSignal, type TerminalInput } from '../../../../contract/terminal.ts';
import { post } from '../../../../web/api/client.ts';
import { createInputSender } from './input-sender.ts';

export interface ProgramInput {
  send(input: TerminalInput): void;
  /** Why the last piece was not taken. */
  readonly error: unknown;
}

/** What is typed for a program that runs. */
export function useInput(runId: string): ProgramInput {
  const [error, setError] = useState<unknown>(null);
  const sender = useMemo(() => {
    const deliver = (payload: TerminalInput) =>
      post(`/runs/${runId}/signals`, { name: stdinSignal, payload });
    return createInputSender(deliver, setError);
  }, [runId]);
  return { send: sender.send, error };
}
