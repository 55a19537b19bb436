import { chmodSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../src/base/logger.ts';
import { ensureRuntime } from '../../src/base/runtime.ts';
import type { CapabilityModule, CapabilityResources } from '../../src/capabilities/capability-module.ts';
import { createExecutionOf } from '../../src/capabilities/execution/index.ts';
import type { Language } from '../../src/capabilities/execution/languages/language.ts';
import { languages } from '../../src/capabilities/execution/languages/table.ts';
import {
  executionOutputSchema,
  type ExecutionInput,
  type ExecutionOutput,
} from '../../src/capabilities/execution/schema.ts';
import type { Run } from '../../src/contract/run.ts';
import { createDocuments, type Documents } from '../../src/resources/documents/documents.ts';
import { sandboxDrivers } from '../../src/drivers/sandboxes/index.ts';
import { z } from 'zod';
import { createArtifacts } from '../../src/resources/artifacts.ts';
import type { Database } from '../../src/store/database.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { createEgress } from '../../src/resources/egress/egress.ts';
import type { Gateway } from '../../src/resources/gateway/gateway.ts';
import type { ModelSettings } from '../../src/resources/gateway/model-settings.ts';
import { createProgramModels, type ProgramModels } from '../../src/resources/gateway/program-models.ts';
import { testDefaults } from './settings.ts';
import { gatewayOn } from './with-gateway.ts';
import { asSystem, finished, withKernel } from './with-kernel.ts';

type Warm = CapabilityResources['warm'];

export interface TestExecutions {
  readonly kernel: Kernel;
  readonly db: Database;
  readonly module: CapabilityModule;
  readonly resources: CapabilityResources;
  /** The versions of each language that this machine has. */
  readonly installed: ReadonlyMap<string, readonly string[]>;
  /** Starts a run and waits for its end. */
  execute(input: ExecutionInput): Promise<Run>;
  /** The output of a run that succeeded. */
  output(input: ExecutionInput): Promise<ExecutionOutput>;
}

type TestResources = CapabilityResources & {
  /** The database that files are kept in, once it is there. */
  useDatabase(db: Database): void;
  /** What programs with models come to. */
  useGateway(gateway: Gateway): void;
  close(): Promise<void>;
};

/** What a capability may use, with a real sandbox driver of its own; `close` ends and removes all of it. */
export async function openResources(warm: Warm): Promise<TestResources> {
  let opened: Database | undefined;
  const dataDir = await mkdtemp(join(tmpdir(), 'gantry-execution-'));
  chmodSync(dataDir, 0o755);
  const logger = createLogger(process.env['GANTRY_TEST_LOG'] ?? 'silent');
  const { nodePath } = await ensureRuntime({ dataDir });
  const sandboxes = sandboxDrivers.bubblewrap({
    dataDir,
    require: [],
    allowUnsafe: false,
    diskBytes: 1_073_741_824,
    logger,
  });
  const egress = createEgress({ dataDir });
  const close = async () => {
    await egress.close();
    await sandboxes.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  const artifacts = createArtifacts(() => opened);
  const useDatabase = (db: Database) => void (opened = db);
  const settings = () => testDefaults;
  const agents = () => {
    throw new Error('Programs need no agents.');
  };
  let models: ProgramModels | undefined;
  const programModels = () => {
    if (models) return models;
    throw new Error('This test has no models.');
  };
  const useGateway = (gateway: Gateway) => void (models = createProgramModels({ dataDir, egress, gateway }));
  const forgeTalk = { label: 'gantry', words: [], followUp: false, publicUrl: null };
  const late = { settings, agents, programModels, forgeTalk };
  return { sandboxes, artifacts, nodePath, warm, ...late, logger, useDatabase, useGateway, close };
}

/** Gives `test` executions on a real kernel with one worker and real sandboxes, and ends everything that it started. */
export async function withExecutions(
  {
    warm = { count: 0, languages: [] },
    table = languages,
    models = {},
  }: { warm?: Warm; table?: readonly Language[]; models?: Partial<ModelSettings> },
  test: (executions: TestExecutions) => Promise<void>,
): Promise<void> {
  const resources = await openResources(warm);
  try {
    const module = createExecutionOf(table, resources);
    await module.prepare();
    await module.warmUp();
    await withKernel({ capabilities: [module.capability] }, async ({ kernel, db, work }) => {
      resources.useDatabase(db);
      resources.useGateway(await gatewayOn(db, models));
      await work();
      const execute = async (input: ExecutionInput) => {
        const { run } = await kernel.start({ ...asSystem, capability: 'execution', input });
        return finished(kernel, run.id);
      };
      const output = async (input: ExecutionInput) => {
        const run = await execute(input);
        if (run.status !== 'succeeded') throw new Error(`The run ${run.status}: ${run.error?.message}`);
        return executionOutputSchema.parse(run.output);
      };
      await test({
        kernel,
        db,
        module,
        resources,
        installed: await installedLanguages(module, kernel, createDocuments(db)),
        execute,
        output,
      });
    });
  } finally {
    await resources.close();
  }
}

async function installedLanguages(
  module: CapabilityModule,
  kernel: Kernel,
  documents: Documents,
): Promise<Map<string, string[]>> {
  const listing = module.routes(kernel, { documents }).find(({ path }) => path === '/languages');
  const { actor, signal } = {
    actor: { userId: '', name: '', role: 'viewer' as const },
    signal: new AbortController().signal,
  };
  const request = {
    actor,
    signal,
    params: {},
    query: {},
    body: undefined,
    idempotencyKey: undefined,
    lastEventId: undefined,
    wantsStream: false,
  };
  const reply = listingSchema.parse(await listing?.handle(request));
  return new Map(reply.body.items.map(({ name, versions }) => [name, versions]));
}

const listingSchema = z.object({
  body: z.object({ items: z.array(z.object({ name: z.string(), versions: z.array(z.string()) })) }),
});
