import { inert } from '../base/inert.ts';
import type { Run } from '../contract/run.ts';
import type { attach as Attach } from './attach.ts';
import { toJson, type Cli } from './cli.ts';
import type { Client } from './client.ts';
import { exitCodeOf, noticeOf, type ExecutionRun } from './exec-exit.ts';
import { buildRequest, type ExecOptions } from './exec-request.ts';
import { followRun } from './follow.ts';
import { cancelWhenLeft } from './leaving.ts';
import { openLiveOutput } from './live-output.ts';

/**
 * Runs a program on the server, shows its output as it comes (with `--json` the run at the end), and answers the exit
 * code that tells how it ended. Ctrl-C, SIGTERM, or the loss of whoever reads the output cancel the run. An interactive
 * program gets what is typed.
 */
export async function exec(
  cli: Cli,
  program: string | undefined,
  args: readonly string[],
  options: ExecOptions,
): Promise<number> {
  const attached = options.interactive ? await import('./attach.ts') : undefined;
  const terminal = attached?.terminalSize();
  const request = await buildRequest(program, args, options, terminal);
  const client = await cli.client();
  const started = client.call<Run>('POST', '/executions', request);
  const leaving = cancelWhenLeft(cli, client, started);
  const { id } = await started;
  if (attached)
    await talk(cli, client, id, terminal !== undefined, { attach: attached.attach, leave: leaving.leave });
  else await showOutput(cli, client, id);
  const run = await client.call<ExecutionRun>('GET', `/runs/${id}`);
  const notice = noticeOf(run);
  if (cli.flags.json) cli.terminal.print(toJson(run));
  else if (notice !== undefined) cli.terminal.note(`gantry: ${notice}`);
  await keepFiles(cli, client, run, options);
  return run.status === 'cancelled' ? leaving.code() : exitCodeOf(run);
}

/** Says what the program left, and writes it where it was asked for. */
async function keepFiles(cli: Cli, client: Client, run: ExecutionRun, options: ExecOptions): Promise<void> {
  const { files = [], skipped = [], skippedMore = 0 } = run.output ?? {};
  if (options.output !== undefined) {
    const { saveFiles } = await import('./save-files.ts');
    await saveFiles(cli, client, run.id, files, { directory: options.output, force: options.force ?? false });
  } else if (files.length > 0 && !cli.flags.json) {
    const what = files.length === 1 ? 'a file' : `${files.length} files`;
    cli.terminal.note(`gantry: The program left ${what}: gantry runs files ${run.id}`);
  }
  if (cli.flags.json) return;
  for (const { name, reason } of skipped)
    cli.terminal.note(`gantry: ${inert(name)} was not kept (${reason}).`);
  if (skippedMore > 0) cli.terminal.note(`gantry: ${skippedMore} more were not kept.`);
}

interface Attached {
  readonly attach: typeof Attach;
  readonly leave: (exit: number, why: string) => void;
}

async function talk(
  cli: Cli,
  client: Client,
  runId: string,
  hasTerminal: boolean,
  { attach, leave }: Attached,
): Promise<void> {
  const live = openLiveOutput(cli.terminal.stdout, cli.terminal.stderr);
  await attach(cli, {
    runId,
    hasTerminal,
    address: () => client.address(),
    write: (stream, text) => cli.flags.json || live.write(stream, text),
    leave: () => leave(130, ''),
  });
  live.end();
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
