import { fail } from 'node:assert/strict';
import { z } from 'zod';
import { ensureRipgrep } from '../../src/base/ripgrep.ts';
import { createLogger } from '../../src/base/logger.ts';
import type { Question } from '../../src/contract/question.ts';
import type { Budget } from '../../src/contract/run.ts';
import type { Step } from '../../src/contract/step.ts';
import { openModel } from '../../src/drivers/models/index.ts';
import type { AgentRequest, AgentResult } from '../../src/harness/agent.ts';
import { configuredServers } from '../../src/harness/mcp/servers.ts';
import { mcpTools } from '../../src/harness/mcp/tools.ts';
import { runAgent } from '../../src/harness/run-agent.ts';
import { tools } from '../../src/harness/tools/index.ts';
import { defineCapability, type Capability } from '../../src/kernel/capability.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { createGateway } from '../../src/resources/gateway/create-gateway.ts';
import type { Gateway } from '../../src/resources/gateway/gateway.ts';
import { redactor } from '../../src/resources/secrets/redactor.ts';
import type { Workspaces } from '../../src/resources/workspace/workspace.ts';
import type { Database } from '../../src/store/database.ts';
import { startGitServer } from './git-server.ts';
import { until } from './until.ts';
import { asSystem, finished, withKernel, type TestKernel } from './with-kernel.ts';
import { makeMachine, repositoryOf, type Machine } from './with-workspaces.ts';

const repositoryName = 'acme/shop';

interface AgentParts {
  readonly gateway: Gateway;
  readonly workspaces: Workspaces;
  readonly rgPath: string;
}

const inputSchema = z.looseObject({
  script: z.unknown(),
  secrets: z.array(z.string()).optional(),
  fromRepository: z.boolean().default(false),
  servers: z.array(z.string()).default([]),
  more: z.record(z.string(), z.unknown()).default({}),
});

/** An agent with every tool on the repository of the test; what it is told goes by the input. */
export function agentCapability(parts: () => AgentParts): Capability {
  return defineCapability({
    name: 'agent',
    input: inputSchema,
    output: z.looseObject({}),
    title: () => 'agent',
    run: async (ctx, { script, secrets, fromRepository, servers: entries, more }) => {
      const { gateway, workspaces, rgPath } = parts();
      const choice = { kind: 'connected', name: repositoryName } as const;
      const state = await ctx.step('resolve', (step) => workspaces.resolve(step, choice, 'trusted'));
      const servers = configuredServers(entries);
      const mcp =
        fromRepository || servers.length > 0
          ? await mcpTools(ctx, { servers, fromRepository, workspaces, state })
          : [];
      const request: AgentRequest = {
        ...{ system: 'You work.', task: 'Do it.', model: 'scripted', script, state, gateway, workspaces },
        tools: [...Object.values(tools({ rgPath })), ...mcp],
        ...(secrets && { redactor: redactor(secrets) }),
        ...more,
      };
      return { ...(await runAgent(ctx, request)) };
    },
  });
}

interface Wanted {
  readonly budget?: Budget;
  readonly secrets?: readonly string[];
  readonly fromRepository?: boolean;
  /** MCP servers of the operator, as they are configured. */
  readonly servers?: readonly string[];
  /** Of the request: limits, confirm, model, material. */
  readonly more?: Partial<AgentRequest>;
}

export interface AgentRuns {
  readonly kernel: TestKernel;
  readonly machine: Machine;
  readonly repositoryUrl: string;
  start(script: unknown, wanted?: Wanted): Promise<string>;
  /** What came of an agent; throws when its run failed. */
  ended(runId: string): Promise<AgentResult>;
  result(script: unknown, wanted?: Wanted): Promise<AgentResult>;
  /** Waits until the run asks. */
  asked(runId: string): Promise<Question>;
  /** Answers what the run asks, when it does. */
  answer(runId: string, value: string, comment?: string): Promise<void>;
}

interface AgentTest {
  /** Sizes of models: `scripted:tiny=9000/500`. */
  readonly sizes?: readonly string[];
  /** Without a worker in this process. */
  readonly idle?: boolean;
}

/** Gives a test agents on a real kernel, gateway and sandboxes, with a repository of these files on a git server. */
export async function withAgents(
  files: Readonly<Record<string, string>>,
  { sizes = [], idle = false }: AgentTest,
  test: (agents: AgentRuns) => Promise<void>,
): Promise<void> {
  const server = await startGitServer();
  const held: { parts?: AgentParts; machine?: Machine } = {};
  try {
    const repository = await server.add(repositoryName, { public: true });
    await repository.commit({ files });
    const capability = agentCapability(() => held.parts ?? fail('The machine is not there yet.'));
    await withKernel({ capabilities: [capability] }, async (kernel) => {
      const machine = agentMachine(kernel, repository.url);
      held.machine = machine;
      held.parts = await partsOf(kernel.db, machine, sizes);
      try {
        if (!idle) await kernel.work();
        await test(agentRuns(kernel, machine, repository.url));
      } finally {
        await machine.close();
      }
    });
  } finally {
    await server.close();
  }
}

/** A machine that knows the repository of the test. */
export function agentMachine(kernel: TestKernel, url: string): Machine {
  const repositories = new Map([[repositoryName, repositoryOf(repositoryName, url, false)]]);
  return makeMachine(kernel, { repositories, credentials: new Map() });
}

/** What an agent works with, on this machine. */
export async function partsOf(
  db: Database,
  { workspaces, dataDir }: Machine,
  sizes: readonly string[] = [],
): Promise<AgentParts> {
  return { gateway: testGateway(db, sizes), workspaces, rgPath: await ensureRipgrep({ dataDir }) };
}

function agentRuns(kernel: TestKernel, machine: Machine, repositoryUrl: string): AgentRuns {
  const start: AgentRuns['start'] = async (script, { budget, ...wanted } = {}) => {
    const input = { script, ...wanted };
    const request = { ...asSystem, capability: 'agent', input, ...(budget && { budget }) };
    return (await kernel.kernel.start(request)).run.id;
  };
  const ended = async (runId: string) => {
    const run = await finished(kernel.kernel, runId);
    if (run.status !== 'succeeded')
      throw new Error(`The run is ${run.status}: ${run.asks?.title ?? run.error?.message}`);
    return run.output as AgentResult;
  };
  return {
    ...{ kernel, machine, repositoryUrl, start, ended },
    result: async (script, wanted) => ended(await start(script, wanted)),
    asked: async (runId) => (await openQuestion(kernel.kernel, runId)).question,
    answer: async (runId, value, comment = '') => {
      const { name, ordinal } = await openQuestion(kernel.kernel, runId);
      await kernel.kernel.signal(runId, name, { answer: value, comment, ordinal }, null);
    },
  };
}

/** The step that asks a person, once the run waits for it. */
export async function openQuestion(kernel: Kernel, runId: string) {
  const found: { step?: Step & { question: Question } } = {};
  await until(async () => {
    const { status } = await kernel.get(runId);
    const steps = status === 'waiting' ? await kernel.steps(runId) : [];
    for (const step of steps)
      if (step.status === 'waiting' && step.question) found.step = { ...step, question: step.question };
    return found.step !== undefined;
  });
  return found.step ?? fail('It asks nothing.');
}

/** The real gateway over the shipped drivers; its pauses take no time. */
export function testGateway(db: Database, sizes: readonly string[]): Gateway {
  return createGateway({
    db,
    secrets: { listSecrets: async () => [], openSecret: async () => undefined },
    settings: {
      ...{ fallbacks: [], models: [], prices: [], sizes, timeoutMs: 30_000, cacheMs: 0 },
      ...{ keys: {}, baseUrls: {} },
    },
    openModel,
    log: createLogger('silent'),
    pacing: { pause: async (_ms, signal) => signal.throwIfAborted(), random: () => 0.5 },
  });
}
