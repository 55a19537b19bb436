import { setTimeout as pause } from 'node:timers/promises';
import { filesOf, makeRemote } from './remote.ts';
import type { Task } from './task.ts';

/** Calls the API below `/api/v1` as an admin; throws what it refuses. */
export type Call = <Answer>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<Answer>;

export interface SolveOptions {
  /** `scripted` follows the task's own solution. */
  readonly model: string;
  /** With goal, plan and review as well, in place of writing at once. */
  readonly whole: boolean;
  /** Where remotes are made; the server may use paths below it. */
  readonly directory: string;
}

/** What came of one task. */
export interface Solved {
  readonly task: string;
  /** Whether the hidden tests pass on the branch that was pushed. */
  readonly solved: boolean;
  /** Whether they fail on what the agent started from, as they should. */
  readonly failedBefore: boolean;
  readonly outcome: string;
  readonly runId: string;
  readonly usd: number;
  readonly tokens: number;
  readonly turns: number;
  readonly tries: number;
  readonly wallMs: number;
}

interface SessionRun {
  readonly id: string;
  readonly status: string;
  readonly error: { readonly message: string } | null;
  readonly asks: { readonly title: string } | null;
  readonly usage: { readonly usd?: number; readonly tokens?: number };
  readonly output: {
    readonly outcome: string;
    readonly branch: string | null;
    readonly notice: string | null;
  } | null;
}

interface EventPage {
  readonly items: readonly {
    readonly type: string;
    readonly data: { readonly key?: string; readonly value?: unknown };
  }[];
  readonly next: string | null;
}

const ends = new Set(['succeeded', 'failed', 'cancelled', 'dead']);

/** Lets a session work on a task, then runs the hidden tests on what it pushed. */
export async function solve(call: Call, task: Task, options: SolveOptions): Promise<Solved> {
  const { model, whole, directory } = options;
  const remote = await makeRemote(directory, task.name, task.repository);
  const { name } = await call<{ name: string }>('POST', '/repositories', {
    url: remote,
    name: `bench/${task.name}`,
  });
  const failedBefore = !(await passes(call, task, task.repository));
  const startedAt = performance.now();
  const started = await call<SessionRun>('POST', '/sessions', {
    ...{ repo: name, goal: task.goal, auto: true, model },
    ...(!whole && { skip: ['goal', 'plan', 'review'] }),
    ...(model === 'scripted' && { script: task.solution }),
  });
  const run = await finished(call, started.id);
  const wallMs = performance.now() - startedAt;
  const { output } = run;
  const branch = output?.branch ?? null;
  const isPushed = branch !== null && (output?.outcome === 'pushed' || output?.outcome === 'opened');
  return {
    ...{ task: task.name, runId: run.id, failedBefore, wallMs },
    solved: isPushed && (await passes(call, task, await filesOf(remote, branch))),
    outcome:
      output?.notice ??
      output?.outcome ??
      run.error?.message ??
      (run.asks ? `asks: ${run.asks.title}` : run.status),
    usd: run.usage.usd ?? 0,
    tokens: run.usage.tokens ?? 0,
    ...(await effort(call, run.id)),
  };
}

/** Also a session that asks is over: nobody is there to answer. */
async function finished(call: Call, id: string): Promise<SessionRun> {
  for (;;) {
    const run = await call<SessionRun>('GET', `/runs/${id}`);
    if (ends.has(run.status) || run.asks) return run;
    await pause(250);
  }
}

const languages = { python: 'python', node: 'typescript' } as const;

/** Runs the hidden tests over these files, in a sandbox: they are what a model wrote. */
async function passes(call: Call, task: Task, files: Readonly<Record<string, string>>): Promise<boolean> {
  const [program = '', entry = ''] = task.run.split(' ');
  const language = Object.entries(languages).find(([each]) => each === program)?.[1];
  if (language === undefined)
    throw new Error(`${task.name} is run by ${program}; python and node are known.`);
  const all = Object.entries({ ...files, ...task.hidden }).map(([name, content]) => ({ name, content }));
  const { output } = await call<{ output: { outcome: string } | null }>('POST', '/executions?wait=true', {
    ...{ language, files: all, entry },
  });
  return output?.outcome === 'ok';
}

interface StepValue {
  readonly attempts: readonly { readonly turns: number }[];
}

/** Turns of the writing agent and tries of its steps, as the session told of them. */
async function effort(call: Call, id: string): Promise<{ turns: number; tries: number }> {
  const latest = new Map<string, StepValue>();
  for (let after: string | null = '0'; after !== null;) {
    const page: EventPage = await call<EventPage>('GET', `/runs/${id}/events?limit=1000&after=${after}`);
    for (const { type, data } of page.items)
      if (type === 'state' && data.key?.startsWith('step ')) latest.set(data.key, data.value as StepValue);
    after = page.next;
  }
  const tries = [...latest.values()].flatMap(({ attempts }) => attempts);
  return { turns: tries.reduce((sum, each) => sum + each.turns, 0), tries: tries.length };
}
