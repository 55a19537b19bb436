import { formatDuration } from '../../base/duration.ts';
import { GantryError } from '../../base/errors.ts';
import { inert, inertLines } from '../../base/inert.ts';
import type { SessionChange } from '../../capabilities/coding/follow-session.ts';
import type { Session, SessionRun } from '../../capabilities/coding/session-reply.ts';
import { latestGoal, latestPlan } from '../../capabilities/coding/session-view.ts';
import type { GivenAnswer } from '../../contract/question.ts';
import type { Run } from '../../contract/run.ts';
import { answer, toJson, type Cli } from '../cli.ts';
import type { Client } from '../client.ts';
import { dollars } from '../dollars.ts';
import { withQuery, type Page } from '../page.ts';
import { readText } from '../read-text.ts';
import { resolveRunId, shortIds } from '../run-id.ts';
import { details, table } from '../table.ts';
import { fetchBranch } from './fetch-branch.ts';
import { readPlanText } from './plan-editor.ts';
import { budgetOf, followUpOf } from './session-options.ts';
import { shortCount } from './session-lines.ts';
import { goalText } from './session-questions.ts';

type Options = Readonly<Record<string, string>>;

/** Prints a page of sessions. */
export async function listSessions(cli: Cli, { search, ...options }: Options): Promise<void> {
  const client = await cli.client();
  const page = await client.call<Page<Run>>('GET', withQuery('/sessions', { ...options, q: search }));
  const none = 'No session. Start one with `gantry session --repo . --goal "..."`.';
  answer(cli, page, () => (page.items.length === 0 ? none : sessionTable(cli, page.items)));
  if (typeof page.next === 'string' && !cli.flags.json)
    cli.terminal.note(`More: gantry sessions --cursor ${page.next}`);
}

function sessionTable(cli: Cli, runs: readonly Run[]): string {
  const short = cli.terminal.stdout.isTTY ? shortIds(runs.map((run) => run.id)) : undefined;
  const rows = runs.map((run) => [
    short?.get(run.id) ?? run.id,
    run.asks ? 'asks you' : run.status,
    run.outcome ?? '',
    run.repository ?? '',
    run.usage.usd === undefined ? '' : dollars(run.usage.usd),
    run.title,
  ]);
  return table(['ID', 'STATUS', 'OUTCOME', 'REPOSITORY', 'COST', 'GOAL'], rows, cli.terminal.columns);
}

/** Prints all that a session stands at. */
export async function showSession(cli: Cli, text: string): Promise<void> {
  const client = await cli.client();
  const session = await readSession(client, text);
  answer(cli, session, () =>
    [headOf(session), goalOf(session), stepsOf(cli, session), commitsOf(session), questionsOf(session)]
      .filter((part) => part !== '')
      .join('\n\n'),
  );
}

async function readSession(client: Client, text: string): Promise<Session> {
  return client.call<Session>('GET', `/sessions/${await resolveRunId(client, text)}`);
}

function headOf(session: Session): string {
  const { usage, branch, pull, output } = session;
  const phase = session.phases.findLast(({ state }) => state === 'active') ?? null;
  return details([
    ['id', session.id],
    ['title', session.title],
    ['status', session.status],
    ['because', session.queuedBecause?.text],
    ['phase', phase && [phase.name, phase.message].filter(Boolean).join(': ')],
    ['outcome', session.outcome],
    ['notice', output?.notice],
    ['repository', session.repository],
    ['branch', branch && `${branch.name} (from ${branch.base || branch.baseCommit.slice(0, 10)})`],
    ['pull', pull && `#${pull.number}, ${pull.isDraft ? 'a draft, ' : ''}${pull.state}: ${pull.url}`],
    ['tokens', usage.tokens === undefined ? undefined : shortCount(usage.tokens)],
    ['cost', usage.usd === undefined ? undefined : dollars(usage.usd)],
    ['took', took(session)],
    ['error', session.error && `${session.error.code}: ${session.error.message}`],
  ]);
}

function took({ startedAt, finishedAt }: Session): string | undefined {
  if (startedAt === null || finishedAt === null) return undefined;
  return formatDuration(Date.parse(finishedAt) - Date.parse(startedAt));
}

function goalOf({ goal }: Session): string {
  const spec = latestGoal(goal);
  return spec ? `GOAL (${goal?.status})${inertLines(goalText(spec)).replace(/^\n/, '\n')}` : '';
}

function stepsOf(cli: Cli, { steps, plan }: Session): string {
  if (steps.length === 0) return '';
  const rows = steps.map(({ id, title, position, state }) => [
    ...[String(position), id, state?.status ?? 'to do', String(state?.attempts.length ?? 0)],
    ...[state?.commit?.sha.slice(0, 10) ?? '', title],
  ]);
  const by = latestPlan(plan)?.by === 'person' ? ', edited by a person' : '';
  const head = ['STEP', 'ID', 'STATUS', 'TRIES', 'COMMIT', 'TITLE'];
  return `PLAN (${plan?.status ?? 'none'}${by})\n${table(head, rows, cli.terminal.columns)}`;
}

function commitsOf({ branch }: Session): string {
  if (!branch || branch.commits.length === 0) return '';
  const lines = branch.commits.map(
    ({ sha, message, added, removed }) =>
      `${sha.slice(0, 10)}  ${inert(message.split('\n', 1)[0] ?? '')} (+${added} -${removed})`,
  );
  return ['COMMITS', ...lines].join('\n');
}

function questionsOf({ questions, id }: Session): string {
  return questions
    .map(({ question: { title, answers } }) => {
      const values = answers.map(({ value }) => value).join('|');
      return `ASKS  ${inert(title)}\n      gantry session resume ${id} ${values}`;
    })
    .join('\n');
}

/** Prints the states that a session had, and who decided what. */
export async function showHistory(cli: Cli, text: string): Promise<void> {
  const client = await cli.client();
  const id = await resolveRunId(client, text);
  const items: SessionChange[] = [];
  for (let after: string | null = '0'; after !== null;) {
    const page: Page<SessionChange> = await client.call(
      'GET',
      `/sessions/${id}/history?limit=1000&after=${after}`,
    );
    items.push(...page.items);
    after = page.next ?? null;
  }
  const rows = items.map((change) => [
    String(change.seq),
    change.at.slice(0, 19).replace('T', ' '),
    change.kind === 'state' ? change.key : change.name,
    change.kind === 'state' ? statusOf(change.value) : decisionOf(change.answer),
  ]);
  const none = 'Nothing has happened in it yet.';
  answer(cli, { items }, () =>
    rows.length === 0 ? none : table(['SEQ', 'AT (UTC)', 'WHAT', 'HOW'], rows, cli.terminal.columns),
  );
}

function statusOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return toJson(value, 0);
  const { status, state, doing, passed, commits } = value as Readonly<Record<string, unknown>>;
  for (const word of [status, state, doing]) if (typeof word === 'string') return word;
  if (typeof passed === 'boolean') return passed ? 'passed' : 'failed';
  return Array.isArray(commits) ? `${commits.length} commits` : '';
}

function decisionOf({ byName, label, comment }: GivenAnswer): string {
  return `${byName ?? 'Somebody'}: ${label}${comment === '' ? '' : `. ${comment}`}`;
}

export interface ResumeOptions {
  readonly feedback?: string;
  /** A file of JSON; `-` for stdin. */
  readonly plan?: string;
  readonly question?: string;
}

/** Answers what a session asks. */
export async function resumeSession(
  cli: Cli,
  text: string,
  decision: string,
  { feedback, plan, question }: ResumeOptions,
): Promise<void> {
  const edited = plan === undefined ? undefined : readPlanText(readText(plan));
  const client = await cli.client();
  const id = await resolveRunId(client, text);
  const body = { decision, feedback, question, ...(edited && { plan: edited }) };
  const reply = await client.call<{ readonly given: GivenAnswer }>('POST', `/sessions/${id}/resume`, body);
  answer(cli, reply, ({ given }) => `${inert(given.question)} ${inert(given.label)}.`);
}

export type FollowUpOptions = Parameters<typeof followUpOf>[0] & Parameters<typeof budgetOf>[0];

/** Starts a session that looks after the pull request of an earlier one. */
export async function followUp(cli: Cli, text: string, options: FollowUpOptions): Promise<void> {
  const client = await cli.client();
  const id = await resolveRunId(client, text);
  const budget = budgetOf(options);
  const body = { ...followUpOf(options), ...(budget && { budget }) };
  const run = await client.call<Run>('POST', `/sessions/${id}/follow-up`, body);
  answer(cli, run, () => run.id);
  if (!cli.flags.json)
    cli.terminal.note(`gantry: Begun. Follow it with \`gantry session --attach ${run.id}\`.`);
}

/** Prints what a session changes, as a patch. */
export async function printDiff(cli: Cli, text: string, { step }: { step?: string }): Promise<void> {
  const client = await cli.client();
  const id = await resolveRunId(client, text);
  const patch = (await client.bytes(withQuery(`/sessions/${id}/diff`, { step }))).toString('utf8');
  // For a person at a terminal nothing of a stranger's may act on it; for `git apply` every byte counts.
  if (cli.flags.json) cli.terminal.print(toJson({ diff: patch }));
  else cli.terminal.stdout.write(cli.terminal.stdout.isTTY ? inertLines(patch) : patch);
}

/** Brings the branch of a session into a repository of this machine. */
export async function fetchSession(cli: Cli, text: string, { repo }: { repo: string }): Promise<void> {
  const client = await cli.client();
  const id = await resolveRunId(client, text);
  const run = await client.call<SessionRun>('GET', `/runs/${id}`);
  if (run.capability !== 'coding') throw new GantryError('NOT_FOUND', `${id} is no session.`);
  await fetchBranch(cli, client, run, repo);
  if (cli.flags.json) cli.terminal.print(toJson({ branch: run.output?.branch ?? null }));
}
