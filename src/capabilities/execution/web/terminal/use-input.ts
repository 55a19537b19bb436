import { useEffect, useState } from 'react';
import type { TerminalInput } from '../../../../contract/terminal.ts';
import { stdinSignal } from '../../../../contract/stdin-signal.ts';
import { post } from '../../../../web/api/client.ts';
import { createInputSender, type InputSender } from './input-sender.ts';
import { createTerminalChannel } from './terminal-channel.ts';

export interface ProgramInput {
  send(input: TerminalInput): void;
  /** Why the last piece was not taken. */
  readonly error: unknown;
}

const signal = (runId: string, payload: TerminalInput) =>
  post(`/runs/${runId}/signals`, { name: stdinSignal, payload });

/** Whole lines for a program that runs, each a request. */
export function useLines(runId: string): ProgramInput {
  const [error, setError] = useState<unknown>(null);
  const [sender] = useState(() => createInputSender((input) => signal(runId, input), setError));
  return { send: sender.send, error };
}

/** Keys for a program that runs; where a proxy lets no WebSocket through, they go as requests as well. */
export function useKeys(runId: string, after: () => number): ProgramInput {
  const [error, setError] = useState<unknown>(null);
  const [parts] = useState((): { sender: InputSender; close(): void } => {
    const channel = createTerminalChannel(runId, after, setError);
    const deliver = (input: TerminalInput) => channel.deliver(input).catch(() => signal(runId, input));
    return { sender: createInputSender(deliver, setError), close: channel.close };
  });
  useEffect(() => parts.close, [parts]);
  return { send: parts.sender.send, error };
}
