import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { createLogger } from '../src/base/logger.ts';
import { ensureRuntime } from '../src/base/runtime.ts';
import type { AgentResources } from '../src/capabilities/capability-module.ts';
import { capabilities } from '../src/capabilities/index.ts';
import { loadConfig } from '../src/config.ts';
import type { Step } from '../src/contract/step.ts';
import { openSandboxes } from '../src/platform/sandboxes.ts';
import { createArtifacts } from '../src/resources/artifacts.ts';
import type { SandboxDriver } from '../src/resources/ports/sandbox.ts';
import { partsOf } from './support/agents.ts';
import { testDefaults } from './support/settings.ts';
import { asSystem, finished, withKernel, type TestKernel } from './support/with-kernel.ts';
import { makeMachine } from './support/with-workspaces.ts';

type RecordedStep = Omit<Step, 'question' | 'given'>;

interface RecordedRun {
  readonly release: string;
  readonly capability: string;
  readonly input: unknown;
  readonly steps: readonly RecordedStep[];
  readonly output: unknown;
}

const files = globSync(join(import.meta.dirname, '../src/capabilities/*/histories/*.json'));

test('each capability has recorded runs of earlier releases to replay', () => {
  const recorded = new Set(files.map((file) => read(file).capability));
  assert.deepEqual([...recorded].toSorted(), ['ask', 'execution']);
});

for (const file of files) {
  test(`a run recorded by an earlier release goes on under this one: ${basename(file)}`, async (t) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'gantry-history-'));
    await chmod(dataDir, 0o755);
    const sandboxes = openSandboxes(loadConfig({ GANTRY_DATA_DIR: dataDir }), createLogger('silent'));
    const held: { agents?: AgentResources } = {};
    try {
      await sandboxes.probe().catch((error: Error) => t.skip(error.message));
      const { nodePath } = await ensureRuntime({ dataDir });
      const agents = () => held.agents ?? assert.fail('The machine is not there yet.');
      const stories = await storiesOn(sandboxes, nodePath, agents);
      await withKernel({ capabilities: stories }, async (bench) => {
        const machine = makeMachine(bench, { repositories: new Map(), credentials: new Map() });
        const never = () => assert.fail('No recorded step looks at a repository again.');
        const repositories = { get: never, list: never, forge: never };
        held.agents = { ...(await partsOf(bench.db, machine)), repositories, mcpServers: [] };
        try {
          await replay(bench, read(file));
        } finally {
          await machine.close();
        }
      });
    } finally {
      await sandboxes.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
}

function read(file: string): RecordedRun {
  return JSON.parse(readFileSync(file, 'utf8')) as RecordedRun;
}

async function storiesOn(sandboxes: SandboxDriver, nodePath: string, agents: () => AgentResources) {
  const modules = capabilities.map((create) =>
    create({
      ...{ sandboxes, nodePath, agents },
      artifacts: createArtifacts(() => undefined),
      warm: { count: 0, languages: [] },
      settings: () => testDefaults,
      forgeTalk: { label: 'gantry', words: [], followUp: false, publicUrl: null },
      logger: createLogger('silent'),
      programModels: () => {
        throw new Error('No recorded run has models for programs yet.');
      },
    }),
  );
  await Promise.all(modules.map((module) => module.prepare()));
  return modules.map((module) => module.capability);
}

/** Takes the run up as a worker would that was lost just before the end. */
async function replay({ kernel, db, work }: TestKernel, recorded: RecordedRun): Promise<void> {
  const { capability, input } = recorded;
  const { run } = await kernel.start({ ...asSystem, capability, input });
  for (const step of recorded.steps) {
    const error = step.error && JSON.stringify(step.error);
    await db.query(
      `INSERT INTO steps (run_id, name, ordinal, position, kind, status, output, error, child_id, due_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        ...[run.id, step.name, step.ordinal, step.position, step.kind, step.status],
        ...[JSON.stringify(step.output), error, step.childId, step.dueAt],
      ],
    );
  }
  await db.query('UPDATE runs SET claim = 1 WHERE id = $1', [run.id]);
  await work();
  const end = await finished(kernel, run.id);
  assert.equal(end.error, null);
  assert.deepEqual(end.output, recorded.output);
  const started = (await kernel.events(run.id, 0, 1000)).filter(({ type }) => type === 'step.started');
  assert.deepEqual(started, [], 'a recorded step was done again');
}
