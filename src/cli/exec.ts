import type { Run } from '../contract/run.ts';
import { toJson, type Cli } from './cli.ts';
import type { Client } from './client.ts';
import { execExit, exitCodeOf, noticeOf, type ExecutionRun } from './exec-exit.ts';
import { buildRequest, type ExecOptions } from './exec-request.ts';
import { followRun } from './follow.ts';
import { openLiveOutput } from './live-output.ts';

/**
 * Runs a program on the server, shows its output as it comes (with `--json` the run at the end), and answers the exit
 * code that tells how it ended. Ctrl-C, SIGTERM, or the loss of whoever reads the output cancel the run.
 */
export async function exec(
  cli: Cli,
  program: string | undefined,
  args: readonly string[],
  options: ExecOptions,
): Promise<number> {
  const request = await buildRequest(program, args, options);
  const client = await cli.client();
  const started = client.call<Run>('POST', '/executions', request);
  const interrupted = cancelWhenLeft(cli, client, started);
  const { id } = await started;
  await showOutput(cli, client, id);
  const run = await client.call<ExecutionRun>('GET', `/runs/${id}`);
  const notice = noticeOf(run);
  if (cli.flags.json) cli.terminal.print(toJson(run));
  else if (notice !== undefined) cli.terminal.note(`gantry: ${notice}`);
  return run.status === 'cancelled' ? interrupted() : exitCodeOf(run);
}

async function showOutput(cli: Cli, client: Client, runId: string): Promise<void> {
  const live = openLiveOutput(cli.terminal.stdout, cli.terminal.stderr);
  for await (const event of followRun(client, runId, new AbortController().signal)) {
    if (event.type === 'output' && !cli.flags.json) live.write(event.data.stream, event.data.text);
    if (event.type === 'run.started' && event.data.attempt > 1 && !cli.flags.json) {
      live.end();
      cli.terminal.note(
        'gantry: The worker was lost; the program runs again from its start, and so does its output.',
      );
    }
  }
  live.end();
}

const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

/** The first signal cancels the run, whose end is awaited as always; the second leaves at once. Answers the exit code. */
function cancelWhenLeft(cli: Cli, client: Client, started: Promise<Run>): () => number {
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
  return () => code;
}
