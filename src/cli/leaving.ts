import { execExit } from './exec-exit.ts';
import type { Cli } from './cli.ts';
import type { Client } from './client.ts';

const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

export interface Leaving {
  /** The exit code of who has left. */
  readonly code: () => number;
  readonly leave: (exit: number, why: string) => void;
}

/** The first signal cancels the run, whose end is awaited as always; the second leaves at once. */
export function cancelWhenLeft(cli: Cli, client: Client, started: Promise<{ readonly id: string }>): Leaving {
  let code: number = execExit.cancelled;
  let left = false;
  const leave = (exit: number, why: string) => {
    if (left) process.exit(exit);
    left = true;
    code = exit;
    if (why !== '') cli.terminal.note(why);
    started.then(({ id }) => client.call('POST', `/runs/${id}/cancel`)).catch(() => {});
  };
  for (const [signal, exit] of signals) {
    process.on(signal, () => leave(exit, 'gantry: Cancelling the run; once more to leave at once.'));
  }
  cli.terminal.onReaderGone(() => leave(141, ''));
  return { code: () => code, leave };
}
