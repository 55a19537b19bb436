import { errorTable, GantryError } from '../base/errors.ts';
import { inert } from '../base/inert.ts';
import type { CodingOutput } from '../capabilities/coding/schema.ts';
import type { SessionRun } from '../capabilities/coding/session-reply.ts';
import type { RepositoryChoice } from '../contract/repository.ts';
import { repositoryChoice } from './ask-repository.ts';
import { toJson, type Cli } from './cli.ts';
import type { Client } from './client.ts';
import { dollars } from './dollars.ts';
import { cancelWhenLeft } from './leaving.ts';
import { resolveRunId } from './run-id.ts';
import { fetchBranch } from './session/fetch-branch.ts';
import { followSession } from './session/follow-session.ts';
import { shortCount } from './session/session-lines.ts';
import { requestOf, type SessionOptions } from './session/session-options.ts';

interface Begun {
  readonly run: SessionRun;
  /** Where the repository lies, when it is one of this machine. */
  readonly local: string | undefined;
}

/** Works towards a goal, shows how it goes, asks what it asks, and says what came of it; answers the exit code. */
export async function session(cli: Cli, options: SessionOptions): Promise<number> {
  const attached = options.attach;
  const wanted = attached === undefined ? requestOf(options) : {};
  const client = await cli.client();
  const begun: Promise<Begun> =
    attached === undefined
      ? start(cli, client, options, wanted)
      : resolveRunId(client, attached).then(async (id) => ({
          run: await sessionRun(client, id),
          local: options.repo,
        }));
  if (options.detach) return detached(cli, (await begun).run);
  const leaving = cancelWhenLeft(
    cli,
    client,
    begun.then(({ run }) => run),
  );
  const { run, local } = await begun;
  if (!cli.flags.json && attached === undefined) {
    const how = `Leave it to itself with --detach, come back with \`gantry session --attach ${run.id}\`.`;
    cli.terminal.note(`gantry: Session ${run.id}. ${how}`);
  }
  await followSession(cli, client, run.id);
  const ended = await sessionRun(client, run.id);
  const fetched = await fetchBack(cli, client, ended, local);
  show(cli, ended, fetched !== undefined);
  if (ended.status === 'cancelled') return leaving.code();
  return fetched || exitCode(ended);
}

async function start(
  cli: Cli,
  client: Client,
  { repo = '.', base }: SessionOptions,
  wanted: Readonly<Record<string, unknown>>,
): Promise<Begun> {
  const choice = await repositoryChoice(cli, client, repo, base, true);
  const local = choice.kind === 'bundle' ? repo : undefined;
  const run = await client.call<SessionRun>('POST', '/sessions', { ...wanted, repo: repoOf(choice) });
  return { run, local };
}

function repoOf(choice: RepositoryChoice): unknown {
  if (choice.kind === 'connected') return choice.name;
  const { kind, bundleId, name } = choice;
  return { kind, bundleId, name };
}

function sessionRun(client: Client, id: string): Promise<SessionRun> {
  return client.call<SessionRun>('GET', `/runs/${id}`);
}

function detached(cli: Cli, run: SessionRun): number {
  if (cli.flags.json) cli.terminal.print(toJson(run));
  else {
    cli.terminal.print(run.id);
    cli.terminal.note(`gantry: Begun. Follow it with \`gantry session --attach ${run.id}\`.`);
  }
  return 0;
}

/** The branch into the repository of this machine that the session was about; the exit code, undefined when there is none. */
async function fetchBack(
  cli: Cli,
  client: Client,
  run: SessionRun,
  local: string | undefined,
): Promise<number | undefined> {
  if (local === undefined || !run.output?.bundleFile) return undefined;
  try {
    await fetchBranch(cli, client, run, local);
    return 0;
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    cli.terminal.note(`gantry: ${inert(error.message)}`);
    return errorTable[error.code].exit;
  }
}

function show(cli: Cli, run: SessionRun, isFetched: boolean): void {
  if (cli.flags.json) return cli.terminal.print(toJson(run));
  const { terminal } = cli;
  const { output, usage } = run;
  if (!output) {
    if (run.status === 'cancelled') return terminal.note('gantry: The session was cancelled.');
    const why = run.error?.message ?? `The session ended as ${run.status}.`;
    return terminal.note(`gantry: ${inert(why)} See \`gantry session show ${run.id}\`.`);
  }
  for (const { sha, message } of output.commits)
    terminal.print(`${sha.slice(0, 10)} ${inert(message.split('\n', 1)[0] ?? '')}`);
  if (output.branch !== null && output.commits.length > 0) terminal.print(`branch ${inert(output.branch)}`);
  if (output.pullUrl !== null) terminal.print(inert(output.pullUrl));
  const notice = output.notice ?? notices[output.outcome];
  if (notice !== undefined) terminal.note(`gantry: ${inert(notice)}`);
  if (!isFetched && output.bundleFile !== null && output.branch !== null)
    terminal.note(`gantry: Bring it into a repository with \`gantry session fetch ${run.id} --repo PATH\`.`);
  const cost = usage.usd === undefined ? '' : `, ${dollars(usage.usd)}`;
  if (usage.tokens !== undefined) terminal.note(`gantry: ${shortCount(usage.tokens)} tokens${cost}.`);
}

const notices: Partial<Record<CodingOutput['outcome'], string>> = {
  rejected: 'The session was rejected; nothing was changed.',
  stopped: 'The session was stopped before its goal was reached.',
  unchanged: 'There was nothing to change.',
};

function exitCode({ status, error, output }: SessionRun): number {
  if (status === 'succeeded') return output?.outcome === 'stopped' ? errorTable.AGENT_STOPPED.exit : 0;
  const codes: Readonly<Record<string, { readonly exit: number }>> = errorTable;
  return codes[error?.code ?? '']?.exit ?? 1;
}
