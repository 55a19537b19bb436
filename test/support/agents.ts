import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { createLogger } from '../../src/base/logger.ts';
import { openModel } from '../../src/drivers/models/index.ts';
import { createGateway } from '../../src/resources/gateway/create-gateway.ts';
import { redactor } from '../../src/resources/secrets/redactor.ts';
import type { Budget } from '../../src/contract/run.ts';
import type { Question } from '../../src/contract/question.ts';
import type { Step } from '../../src/contract/step.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { until } from './until.ts';
import type { AgentRequest, AgentResult } from '../../src/harness/agent.ts';
import { mcpTools } from '../../src/harness/mcp/tools.ts';
import { runAgent } from '../../src/harness/run-agent.ts';
import { tools } from '../../src/harness/tools/index.ts';
import { ensureRipgrep } from '../../src/base/ripgrep.ts';
import { defineCapability, type Capability } from '../../src/kernel/capability.ts';
import { fail } from 'node:assert/strict';
import type { Database } from '../../src/store/database.ts';
import type { Gateway } from '../../src/resources/gateway/gateway.ts';
import type { Workspace, Workspaces, WorkspaceState } from '../../src/resources/workspace/workspace.ts';
import { asSystem, finished, withKernel, type TestKernel } from './with-kernel.ts';

export interface AgentRun {
  readonly kernel: TestKernel;
  start(script: unknown, more?: object): Promise<string>;
  /** What came of an agent that follows the script; throws when its run failed. */
  result(script: unknown, more?: object): Promise<AgentResult>;
  /** Waits until the run asks, and answers what it asks. */
  asked(runId: string): Promise<Question>;
  answer(runId: string, value: string, comment?: string): Promise<void>;
  ended(runId: string): Promise<AgentResult>;
}

export async function withAgents(
  files: Readonly<Record<string, string>>,
  options: Partial<AgentRequest> & { sizes?: string[] },
  test: (agents: AgentRun) => Promise<void>,
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-agents-'));
  const base = join(dir, 'base');
  await mkdir(base);
  execFileSync('git', ['init', '-q'], { cwd: base });
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(base, path)), { recursive: true });
    await writeFile(join(base, path), content);
  }
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a', 'add', '.'], { cwd: base });
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a', 'commit', '-qm', 'x', '--allow-empty'], {
    cwd: base,
  });
  const rgPath = await ensureRipgrep({ dataDir: dir });
  let gateway: Gateway | undefined;
  const workspaces = localWorkspaces(dir, base);
  const state: WorkspaceState = {
    base: {
      repository: { kind: 'connected', name: 'a/b' },
      commit: 'c'.repeat(40),
      branch: 'main',
      trust: 'trusted',
    },
    checkpoint: null,
  };
  const capability: Capability = defineCapability({
    name: 'agent',
    input: z.looseObject({}),
    output: z.looseObject({}),
    title: () => 'agent',
    run: async (ctx, input) => {
      const { script, secrets, fromRepository = false, ...more } = input as ScriptedInput;
      const request = { servers: [], fromRepository, workspaces, state };
      const mcp = fromRepository ? await mcpTools(ctx, request) : [];
      return {
        ...(await runAgent(ctx, {
          system: 'You work.',
          task: 'Do it.',
          tools: [...Object.values(tools({ rgPath })), ...mcp],
          script,
          model: 'scripted',
          gateway: gateway ?? fail('no gateway'),
          workspaces,
          state,
          ...(secrets && { redactor: redactor(secrets) }),
          ...options,
          ...more,
        } as AgentRequest)),
      };
    },
  });
  try {
    await withKernel({ capabilities: [capability] }, async (kernel) => {
      gateway = testGateway(kernel.db, options.sizes);
      await kernel.work();
      const start = async (script: unknown, { budget, ...more }: { budget?: Budget } = {}) => {
        const input = { script, ...more };
        const { run } = await kernel.kernel.start({
          ...asSystem,
          ...{ capability: 'agent', input },
          ...(budget && { budget }),
        });
        return run.id;
      };
      const ended = async (runId: string) => {
        const run = await finished(kernel.kernel, runId);
        if (run.status !== 'succeeded') throw new Error(`${run.status} ${run.error?.message}`);
        return run.output as AgentResult;
      };
      await test({
        kernel,
        start,
        ended,
        result: async (script, more) => ended(await start(script, more)),
        asked: async (runId) => (await openQuestion(kernel.kernel, runId)).question,
        answer: async (runId, value, comment = '') => {
          const { name, ordinal } = await openQuestion(kernel.kernel, runId);
          await kernel.kernel.signal(runId, name, { answer: value, comment, ordinal }, null);
        },
      });
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

interface ScriptedInput {
  readonly script?: unknown;
  readonly secrets?: string[];
  readonly fromRepository?: boolean;
}

async function openQuestion(kernel: Kernel, runId: string) {
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

/** The real gateway over shipped drivers; its pauses take no time. */
export function testGateway(db: Database, sizes: readonly string[] = []): Gateway {
  return createGateway({
    db,
    secrets: { listSecrets: async () => [], openSecret: async () => undefined },
    settings: {
      ...{
        fallbacks: [],
        models: [],
        prices: [],
        sizes,
        timeoutMs: 30_000,
        cacheMs: 0,
        keys: {},
        baseUrls: {},
      },
    },
    openModel,
    log: createLogger('silent'),
    pacing: { pause: async (_ms, signal) => signal.throwIfAborted(), random: () => 0.5 },
  });
}

function localWorkspaces(dir: string, base: string): Workspaces {
  let n = 0;
  return {
    resolve: async () => {
      throw new Error('no');
    },
    release: async () => undefined,
    at: async (_, state) => {
      const here = join(dir, `w${n++}`);
      const from = state.checkpoint ? join(dir, state.checkpoint.commit) : base;
      await cp(from, here, { recursive: true });
      const workspace: Workspace = {
        state,
        exec: async ({ argv, cwd = '', mounts, onOutput, stdin, signal }) => {
          const real = argv.map((word) =>
            mounts ? word.replace(mounts[0]?.target ?? '', mounts[0]?.source ?? '') : word,
          );
          const child = spawn(real[0] ?? '', real.slice(1), {
            cwd: join(here, cwd),
            stdio: ['pipe', 'pipe', 'pipe'],
          });
          child.stdout.on('data', (data) => onOutput?.({ stream: 'stdout', data }));
          child.stderr.on('data', (data) => onOutput?.({ stream: 'stderr', data }));
          signal?.addEventListener('abort', () => child.kill('SIGKILL'));
          child.stdin.on('error', () => undefined);
          if (stdin && !(stdin instanceof Uint8Array)) {
            void (async () => {
              for await (const piece of stdin) child.stdin.write(piece);
              child.stdin.end();
            })();
          } else child.stdin.end();
          await once(child, 'close');
          return {
            exit: { kind: 'exited', code: child.exitCode ?? 1 },
            wallMs: 1,
            cpuMs: 1,
            peakMemoryBytes: 1,
            truncated: false,
            warm: false,
          };
        },
        read: async (path, { offset, bytes }) => {
          if (!existsSync(join(here, path))) return undefined;
          const content = await readFile(join(here, path));
          return { content: content.subarray(offset, offset + bytes), size: content.length };
        },
        put: async (all) => {
          for (const { path, content } of all) {
            await mkdir(dirname(join(here, path)), { recursive: true });
            await writeFile(join(here, path), content);
          }
        },
        remove: (path) => rm(join(here, path), { force: true }),
        diff: async () => ({ text: '', truncated: false }),
        checkpoint: async () => {
          const status = execFileSync('git', ['status', '--porcelain'], { cwd: here, encoding: 'utf8' });
          if (status === '') return state;
          const commit = `k${n++}`;
          await cp(here, join(dir, commit), { recursive: true });
          return { ...state, checkpoint: { commit, changes: [] } };
        },
      };
      return workspace;
    },
  };
}
