import { formatBytes } from '../base/format-bytes.ts';
import { formatDuration } from '../base/duration.ts';
import { GantryError } from '../base/errors.ts';
import type { ShownRun } from '../contract/queued-because.ts';
import type { Run } from '../contract/run.ts';
import { withSteps } from '../contract/run-timeline.ts';
import type { Step } from '../contract/step.ts';
import { answer, toJson, type Cli } from './cli.ts';
import type { Client } from './client.ts';
import { eventLine } from './event-line.ts';
import { followRun } from './follow.ts';
import { openLiveOutput } from './live-output.ts';
import { withQuery, type Page } from './page.ts';
import { resolveRunId, shortIds } from './run-id.ts';
import { readStory, stepTable } from './run-story.ts';
import { details, table } from './table.ts';

/** Prints a page of runs. */
export async function listRuns(cli: Cli, options: Readonly<Record<string, string>>): Promise<void> {
  const { search, limit, cursor, ...filter } = options;
  const client = await cli.client();
  const page = await fullPage(client, { ...filter, q: search, limit, cursor });
  const isFiltered = search !== undefined || Object.keys(filter).length > 0;
  const none = isFiltered ? 'No run matches.' : 'No runs. Start one with `gantry exec main.py`.';
  answer(cli, page, () => (page.items.length === 0 ? none : runTable(cli, page.items)));
  if (typeof page.next === 'string' && !cli.flags.json)
    cli.terminal.note(`More: gantry runs --cursor ${page.next}`);
}

/** Where few runs match, the server answers short pages, each after so much looking; goes on until one is full. */
async function fullPage(
  client: Client,
  query: Readonly<Record<string, string | undefined>>,
): Promise<Page<Run>> {
  const items: Run[] = [];
  const wanted = Number(query['limit'] ?? 50);
  let { cursor } = query;
  for (;;) {
    const page = await client.call<Page<Run>>('GET', withQuery('/runs', { ...query, cursor }));
    items.push(...page.items);
    const { next = null } = page;
    if (next === null || items.length >= wanted) return { ...page, items, next };
    cursor = next;
  }
}

function runTable(cli: Cli, runs: readonly Run[]): string {
  const short = cli.terminal.stdout.isTTY ? shortIds(runs.map((run) => run.id)) : undefined;
  const rows = runs.map((run) => [
    short?.get(run.id) ?? run.id,
    run.status,
    run.capability,
    when(run.createdAt),
    tookOf(run),
    run.title,
  ]);
  return table(['ID', 'STATUS', 'CAPABILITY', 'CREATED', 'TOOK', 'TITLE'], rows, cli.terminal.columns);
}

/** Prints one run and its steps. */
export async function showRun(cli: Cli, text: string): Promise<void> {
  const client = await cli.client();
  const id = await resolveRunId(client, text);
  const run = await client.call<ShownRun>('GET', `/runs/${id}`);
  const { items: steps } = await client.call<Page<Step>>('GET', `/runs/${id}/steps`);
  const view = cli.flags.json ? undefined : await readStory(client, id);
  answer(cli, { ...run, steps }, () =>
    [runDetails(run), outputOf(run), view && stepTable(withSteps(view.timeline, steps), cli.terminal.columns)]
      .filter(Boolean)
      .join('\n\n'),
  );
}

function runDetails(run: ShownRun): string {
  const { usage } = run;
  return details([
    ['id', run.id],
    ['title', run.title],
    ['capability', run.capability],
    ['status', run.waitingFor === null ? run.status : `${run.status} for ${run.waitingFor}`],
    ['because', run.queuedBecause?.text],
    ['paused', run.paused && when(run.paused.at)],
    ['priority', run.priority],
    ['created', when(run.createdAt)],
    ['took', tookOf(run)],
    ['attempt', run.attempt > 1 ? String(run.attempt) : undefined],
    ['worker', run.worker],
    ['cpu', usage.cpuMs === undefined ? undefined : formatDuration(usage.cpuMs)],
    ['memory', usage.peakMemoryBytes === undefined ? undefined : formatBytes(usage.peakMemoryBytes)],
    ['parent', run.parentId],
    ['origin', run.origin && `${run.origin.kind} of ${run.origin.runId}`],
    ['error', run.error && `${run.error.code}: ${run.error.message}`],
  ]);
}

function outputOf(run: Run): string {
  return run.output === null || run.output === undefined ? '' : toJson(run.output);
}

/**
 * Shows what happens in a run until it ends: its output on stdout, the rest on stderr; with `--json` an event a line. What
 * an agent does is shown as a conversation.
 */
export async function followToEnd(cli: Cli, text: string): Promise<void> {
  const client = await cli.client();
  const id = await resolveRunId(client, text);
  const { capability } = await client.call<Run>('GET', `/runs/${id}`);
  if (capability === 'coding' && !cli.flags.json) {
    const { followSession } = await import('./session/follow-session.ts');
    await followSession(cli, client, id);
  } else if (conversations.has(capability) && !cli.flags.json) {
    const { followConversation } = await import('./follow-conversation.ts');
    await followConversation(cli, client, id);
  } else await followEvents(cli, client, id);
  const run = await client.call<Run>('GET', `/runs/${id}`);
  if (run.status !== 'succeeded') process.exitCode = 1;
}

/** Capabilities whose runs are an agent at work. */
const conversations = new Set(['ask']);

async function followEvents(cli: Cli, client: Client, id: string): Promise<void> {
  const live = openLiveOutput(cli.terminal.stdout, cli.terminal.stderr);
  for await (const event of followRun(client, id, new AbortController().signal)) {
    if (cli.flags.json) {
      cli.terminal.print(toJson(event, 0));
    } else if (event.type === 'output') {
      live.write(event.data.stream, event.data.text);
    } else {
      const line = eventLine(event);
      if (line === undefined) continue;
      live.end();
      cli.terminal.note(line);
    }
  }
}

/** What is done to runs by their ids alone. */
export type RunAct = 'cancel' | 'pause' | 'resume' | 'retry';

/** Cancels, pauses, resumes, retries or forks a run and prints the run that the server answers. */
export async function actOnRun(
  cli: Cli,
  text: string,
  act: RunAct | 'fork',
  body?: { readonly from: number },
): Promise<void> {
  const client = await cli.client();
  const id = await resolveRunId(client, text);
  const run = await client.call<Run>('POST', `/runs/${id}/${act}`, body);
  answer(cli, run, () => (act === 'retry' || act === 'fork' ? `Started ${run.id}.` : doing(act, id)));
}

/** What an act that starts no run has begun. */
export function doing(act: Exclude<RunAct, 'retry'>, id: string): string {
  return { cancel: `Cancelling ${id}.`, pause: `Pausing ${id}.`, resume: `Resuming ${id}.` }[act];
}

/** INPUT_INVALID when it is no position of a step. */
export function stepPosition(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new GantryError(
    'INPUT_INVALID',
    `--from takes the position of a step, counted from 0, not "${text}".`,
  );
}

function tookOf(run: Run): string {
  if (run.startedAt === null) return '';
  const end = run.finishedAt === null ? Date.now() : Date.parse(run.finishedAt);
  return formatDuration(Math.max(0, end - Date.parse(run.startedAt)));
}

/** `2026-11-21 10:45:46` in the time zone of this machine. */
function when(iso: string): string {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ');
}
