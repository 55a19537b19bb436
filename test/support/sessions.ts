import { fail } from 'node:assert/strict';
import { createLogger } from '../../src/base/logger.ts';
import { ensureRipgrep } from '../../src/base/ripgrep.ts';
import type { CapabilityModule, CapabilityResources } from '../../src/capabilities/capability-module.ts';
import type { CodingInput } from '../../src/capabilities/coding/schema.ts';
import type { Event } from '../../src/contract/event.ts';
import type { Question } from '../../src/contract/question.ts';
import type { Budget, Run } from '../../src/contract/run.ts';
import { isTerminal } from '../../src/contract/run-status.ts';
import { openForge } from '../../src/drivers/forges/index.ts';
import { createArtifacts } from '../../src/resources/artifacts.ts';
import type { Caps } from '../../src/kernel/dispatch.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import type { ForgeKind } from '../../src/resources/ports/forge.ts';
import { openQuestion, testGateway } from './agents.ts';
import { stages, type ForgeStage } from './forge-stages.ts';
import { runGit } from './run-git.ts';
import { until } from './until.ts';
import { asSystem, finished, withKernel, type TestKernel } from './with-kernel.ts';
import { makeMachine, repositoryOf, type Machine } from './with-workspaces.ts';

const sessionRepository = 'acme/shop';

/** A capability whole, or as much of it as there is: `createCoding` fits. */
export type CreateStory = (resources: CapabilityResources) => Pick<CapabilityModule, 'capability'>;

export interface SessionTest {
  readonly create: CreateStory;
  /** What the repository has on `main`. */
  readonly files: Readonly<Record<string, string>>;
  /** Where the repository lies; plain git has no pull requests. */
  readonly forge?: ForgeKind;
  /** Without a worker in this process. */
  readonly idle?: boolean;
  /** Runs that are worked on at once. */
  readonly slots?: number;
  readonly caps?: Partial<Caps>;
}

/** How another process reaches the repository of the test. */
export interface RemoteAccess {
  readonly kind: ForgeKind;
  readonly url: string;
  readonly token: string;
}

/** Where an answer goes beyond its value. */
interface Said {
  readonly comment?: string;
  readonly data?: unknown;
}

export interface Sessions {
  readonly kernel: TestKernel;
  readonly machine: Machine;
  /** The repository at its forge, and what a test does to it there. */
  readonly stage: ForgeStage;
  readonly remote: RemoteAccess;
  /** Starts a session of the scripted model; `script` is `{agents: {proposer: {turns: [...]}, ...}}`. */
  start(input: Partial<CodingInput> & { readonly script: unknown }, budget?: Budget): Promise<string>;
  /** Waits until the run asks; fails when it asks under another name than this one. */
  asked(runId: string, name?: string): Promise<Question & { readonly name: string }>;
  /** Answers what the run asks, when it does. */
  answer(runId: string, value: string, said?: Said): Promise<void>;
  /** The run once it has finished, however it did. */
  finished(runId: string): Promise<Run>;
  /** What came of a session; throws when its run failed. */
  ended(runId: string): Promise<unknown>;
  events(runId: string): Promise<readonly Event[]>;
  /** Every value that the session had under this key, the earliest first. */
  states(runId: string, key: string): Promise<readonly unknown[]>;
  /** The agents that were asked, as often as their model was called, in order. */
  calls(runId: string): Promise<readonly string[]>;
}

/** Gives a test sessions on a real kernel, gateway, sandboxes and forge. */
export async function withSessions(
  { create, files, forge = 'git', idle = false, slots = 8, caps = {} }: SessionTest,
  test: (sessions: Sessions) => Promise<void>,
): Promise<void> {
  const stage = await stages[forge]();
  try {
    await stage.commit({ message: 'Begin', files });
    const remote = { kind: forge, url: stage.cloneUrl, token: stage.secret };
    await onSessionMachine({ create, remote, caps }, async (kernel, machine) => {
      if (!idle) await kernel.work({ slots, caps });
      await test(sessionsOf(kernel, machine, stage, remote));
    });
  } finally {
    await stage.close();
  }
}

/** A kernel with the capability, and a machine that knows the repository; in a database of its own, or in this one. */
export async function onSessionMachine(
  {
    create,
    remote,
    url,
    caps = {},
  }: {
    readonly create: CreateStory;
    readonly remote: RemoteAccess;
    readonly url?: string;
    readonly caps?: Partial<Caps>;
  },
  use: (kernel: TestKernel, machine: Machine) => Promise<void>,
): Promise<void> {
  const held: { kernel?: TestKernel; machine?: Machine; rgPath?: string } = {};
  const { capability } = create(resourcesOf(held, remote));
  await withKernel(
    { capabilities: [capability], caps, ...(url !== undefined && { url }) },
    async (kernel) => {
      held.kernel = kernel;
      const { get, forge } = repositoriesOf(remote);
      const machine = makeMachine(
        kernel,
        { repositories: new Map(), credentials: new Map() },
        { repositories: { get, forge } },
      );
      held.machine = machine;
      try {
        held.rgPath = await ensureRipgrep({ dataDir: machine.dataDir });
        await use(kernel, machine);
      } finally {
        await machine.close();
      }
    },
  );
}

/** The run once it is over, or asks what nobody is going to answer. */
async function settled(runs: Kernel, runId: string): Promise<Run> {
  const found: { run?: Run } = {};
  await until(async () => {
    found.run = await runs.get(runId);
    return isTerminal(found.run.status) || found.run.asks !== null;
  });
  return found.run ?? fail('There is no run.');
}

function resourcesOf(
  held: { readonly kernel?: TestKernel; readonly machine?: Machine; readonly rgPath?: string },
  remote: RemoteAccess,
): CapabilityResources {
  const there = () => held.machine ?? fail('The machine is not there yet.');
  const db = () => held.kernel?.db ?? fail('The kernel is not there yet.');
  const repositories = repositoriesOf(remote);
  const gateways = new Map<unknown, ReturnType<typeof testGateway>>();
  const gateway = () => {
    const known = gateways.get(db()) ?? testGateway(db(), []);
    gateways.set(db(), known);
    return known;
  };
  return {
    get sandboxes() {
      return there().sandboxes;
    },
    artifacts: createArtifacts(db),
    nodePath: process.execPath,
    warm: { count: 0, languages: [] },
    settings: () => fail('Sessions ask for no settings.'),
    forgeTalk: {
      label: 'gantry',
      words: ['/gantry', '@gantry'],
      followUp: true,
      publicUrl: 'https://gantry.example',
    },
    programModels: () => fail('Sessions give programs no models.'),
    agents: () => ({
      gateway: gateway(),
      workspaces: there().workspaces,
      repositories,
      rgPath: held.rgPath ?? fail('ripgrep is not there yet.'),
      mcpServers: [],
    }),
    logger: createLogger('silent'),
  };
}

function repositoriesOf({ kind, url, token }: RemoteAccess) {
  const repository = { ...repositoryOf(sessionRepository, url, true), forge: kind };
  return {
    get: async (name: string) =>
      name === sessionRepository ? repository : fail(`There is no repository ${name} in this test.`),
    list: async () => [repository],
    forge: () =>
      openForge(kind, {
        ...(kind === 'git'
          ? { repository: url }
          : { repository: sessionRepository, baseUrl: url.slice(0, -`/${sessionRepository}.git`.length) }),
        auth: { kind: 'token', token },
        fetch: globalThis.fetch,
        runGit,
      }),
  };
}

function sessionsOf(kernel: TestKernel, machine: Machine, stage: ForgeStage, remote: RemoteAccess): Sessions {
  const { kernel: runs, db } = kernel;
  const events = (runId: string) => runs.events(runId, 0, 100_000);
  return {
    ...{ kernel, machine, stage, remote, events },
    start: async (input, budget) => {
      const repository = { kind: 'connected', name: sessionRepository };
      const whole = { repository, goal: 'Reach the goal.', model: 'scripted', ...input };
      const request = { ...asSystem, capability: 'coding', input: whole, ...(budget && { budget }) };
      return (await runs.start(request)).run.id;
    },
    asked: async (runId, wanted) => {
      const { name, question } = await openQuestion(runs, runId);
      if (name !== (wanted ?? name))
        fail(`It asks "${question.title}" in place of ${wanted}: ${question.text}`);
      return { ...question, name };
    },
    answer: async (runId, value, { comment = '', data } = {}) => {
      const { name, ordinal } = await openQuestion(runs, runId);
      const payload = { answer: value, comment, ordinal, ...(data !== undefined && { data }) };
      await runs.signal(runId, name, payload, null);
    },
    finished: (runId) => finished(runs, runId),
    ended: async (runId) => {
      const run = await settled(runs, runId);
      if (run.status === 'succeeded') return run.output;
      const question = run.asks && (await openQuestion(runs, runId)).question;
      throw new Error(
        question
          ? `The run asks "${question.title}": ${question.text}`
          : `The run is ${run.status}: ${run.error?.message}`,
      );
    },
    states: async (runId, key) =>
      (await events(runId)).flatMap((event) =>
        event.type === 'state' && event.data.key === key ? [event.data.value] : [],
      ),
    calls: async (runId) => {
      const rows = await db.query<{ step: string }>(
        'SELECT step FROM model_calls WHERE run_id = $1 ORDER BY id',
        [runId],
      );
      return rows.map(({ step }) => step.replace(/\.model$/, ''));
    },
  };
}
