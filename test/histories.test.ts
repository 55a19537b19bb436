import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { createLogger } from '../src/base/logger.ts';
import { ensureRuntime } from '../src/base/runtime.ts';
import { capabilities } from '../src/capabilities/index.ts';
import { createArtifacts } from '../src/resources/artifacts.ts';
import { loadConfig } from '../src/config.ts';
import type { Step } from '../src/contract/step.ts';
import { openSandboxes } from '../src/platform/sandboxes.ts';
import { asSystem, finished, withKernel } from './support/with-kernel.ts';
import { testDefaults } from './support/settings.ts';

interface RecordedRun {
  readonly release: string;
  readonly capability: string;
  readonly input: unknown;
  readonly steps: readonly Step[];
  readonly output: unknown;
}

const files = globSync(join(import.meta.dirname, '../src/capabilities/*/histories/*.json'));

test('there are recorded runs of earlier releases to replay', () => assert.ok(files.length > 0));

for (const file of files) {
  test(`a run recorded by an earlier release goes on under this one: ${basename(file)}`, async (t) => {
    const recorded = JSON.parse(readFileSync(file, 'utf8')) as RecordedRun;
    const dataDir = await mkdtemp(join(tmpdir(), 'gantry-history-'));
    await chmod(dataDir, 0o755);
    const logger = createLogger('silent');
    const sandboxes = openSandboxes(loadConfig({ GANTRY_DATA_DIR: dataDir }), logger);
    try {
      await sandboxes.probe().catch((error: Error) => t.skip(error.message));
      const { nodePath } = await ensureRuntime({ dataDir });
      const warm = { count: 0, languages: [] };
      const artifacts = createArtifacts(() => undefined);
      const modules = capabilities.map((create) =>
        create({
          ...{ sandboxes, artifacts, nodePath, warm, settings: () => testDefaults, logger },
          agents: () => {
            throw new Error('No recorded run has agents yet.');
          },
          programModels: () => {
            throw new Error('No recorded run has models yet.');
          },
        }),
      );
      await Promise.all(modules.map((module) => module.prepare()));
      await withKernel(
        { capabilities: modules.map((module) => module.capability) },
        async ({ kernel, db, work }) => {
          const { run } = await kernel.start({
            ...asSystem,
            capability: recorded.capability,
            input: recorded.input,
          });
          for (const step of recorded.steps) {
            await db.query(
              `INSERT INTO steps (run_id, name, ordinal, position, kind, status, output, error, child_id, due_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
              [
                run.id,
                step.name,
                step.ordinal,
                step.position,
                step.kind,
                step.status,
                JSON.stringify(step.output),
                step.error && JSON.stringify(step.error),
                step.childId,
                step.dueAt,
              ],
            );
          }
          await db.query('UPDATE runs SET claim = 1 WHERE id = $1', [run.id]);
          await work();
          const end = await finished(kernel, run.id);
          assert.equal(end.error, null);
          assert.deepEqual(end.output, recorded.output);
          const started = (await kernel.events(run.id, 0, 1000)).filter(
            (event) => event.type === 'step.started',
          );
          assert.deepEqual(started, [], 'a recorded step was done again');
        },
      );
    } finally {
      await sandboxes.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
}
