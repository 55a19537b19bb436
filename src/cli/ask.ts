import { errorTable, GantryError } from '../base/errors.ts';
import { inert, inertLines } from '../base/inert.ts';
import type { AskInput, AskOutput } from '../capabilities/ask/schema.ts';
import type { ModelEffort } from '../contract/model.ts';
import type { Run } from '../contract/run.ts';
import { repositoryChoice } from './ask-repository.ts';
import { toJson, type Cli } from './cli.ts';
import type { Client } from './client.ts';
import { parseUsd } from './dollars.ts';
import { followConversation } from './follow-conversation.ts';
import { cancelWhenLeft } from './leaving.ts';
import { confirmOption, countOption, modelOption, readText } from './read-text.ts';
import { resolveRunId } from './run-id.ts';

export interface AskOptions {
  readonly repo: string;
  readonly ref?: string;
  readonly model?: string;
  readonly fallback: readonly string[];
  readonly effort?: ModelEffort;
  readonly budget?: string;
  readonly turns?: string;
  readonly confirm?: string | true;
  readonly detach?: boolean;
  readonly attach?: string;
}

type AskRun = Omit<Run, 'output'> & { readonly output: AskOutput | null };

/** Asks about a repository, shows what the agent does, and prints its answer; answers the exit code. */
export async function ask(cli: Cli, question: string | undefined, options: AskOptions): Promise<number> {
  if (options.attach === undefined && question === undefined)
    throw invalid('Say what you want to know, as in `gantry ask "Where are passwords checked?"`');
  const client = await cli.client();
  const started =
    options.attach === undefined
      ? start(cli, client, question ?? '', options)
      : resolveRunId(client, options.attach).then((id) => client.call<AskRun>('GET', `/runs/${id}`));
  if (options.detach) return detached(cli, await started);
  const leaving = cancelWhenLeft(cli, client, started);
  const { id } = await started;
  await followConversation(cli, client, id);
  const run = await client.call<AskRun>('GET', `/runs/${id}`);
  show(cli, run);
  return run.status === 'cancelled' ? leaving.code() : exitCode(run);
}

async function start(cli: Cli, client: Client, question: string, options: AskOptions): Promise<AskRun> {
  const wanted = {
    question: question === '-' ? readText('-') : question,
    ...modelOption(options.model),
    ...(options.fallback.length > 0 && { fallbacks: [...options.fallback] }),
    ...(options.effort && { effort: options.effort }),
    ...(options.confirm !== undefined && { confirm: confirmOption(options.confirm) }),
    ...(options.turns !== undefined && { limits: { turns: countOption(options.turns, '--turns') } }),
  };
  const budget = options.budget === undefined ? undefined : { usd: parseUsd(options.budget) };
  const repository = await repositoryChoice(cli, client, options.repo, options.ref);
  const input: AskInput = { ...wanted, repository };
  return client.call<AskRun>('POST', '/runs', { capability: 'ask', input, ...(budget && { budget }) });
}

function detached(cli: Cli, run: AskRun): number {
  if (cli.flags.json) cli.terminal.print(toJson(run));
  else {
    cli.terminal.print(run.id);
    cli.terminal.note(`gantry: Asked. Follow it with \`gantry ask --attach ${run.id}\`.`);
  }
  return 0;
}

function show(cli: Cli, run: AskRun): void {
  if (cli.flags.json) return cli.terminal.print(toJson(run));
  const { output } = run;
  if (output) {
    cli.terminal.print(inertLines(output.answer.trimEnd()));
    if (output.citations.length > 0) cli.terminal.print('');
    for (const { path, line } of output.citations) cli.terminal.print(`${inert(path)}:${line}`);
    if (output.notice !== undefined) cli.terminal.note(`gantry: ${inert(output.notice)}`);
    return;
  }
  if (run.status === 'cancelled') return cli.terminal.note('gantry: The run was cancelled.');
  const why = run.error?.message ?? `The run ended as ${run.status}.`;
  cli.terminal.note(`gantry: ${inert(why)} See \`gantry runs show ${run.id}\`.`);
}

function exitCode({ status, error }: AskRun): number {
  if (status === 'succeeded') return 0;
  const codes: Readonly<Record<string, { readonly exit: number }>> = errorTable;
  return codes[error?.code ?? '']?.exit ?? 1;
}

function invalid(message: string): GantryError {
  return new GantryError('INPUT_INVALID', `${message}.`);
}
