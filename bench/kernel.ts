import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { createLogger } from '../src/base/logger.ts';
import type { Capability } from '../src/kernel/capability.ts';
import { defineCapability } from '../src/kernel/capability.ts';
import { catalogueOf, createKernel } from '../src/kernel/create-kernel.ts';
import { createHub } from '../src/kernel/follow.ts';
import type { Kernel } from '../src/kernel/kernel.ts';
import { startWorker } from '../src/kernel/worker.ts';
import { type Database, openDatabase } from '../src/store/database.ts';
import { startEmbedded } from '../src/store/embedded/start.ts';
import { openListener } from '../src/store/listen.ts';
import { migrate } from '../src/store/migrate.ts';
import { type Figure, type Summary, summarise } from './figure.ts';
import { makeDataDir } from './gantry-process.ts';

const counting = defineCapability({
  name: 'counting',
  input: z.strictObject({ steps: z.int().min(0) }),
  output: z.int(),
  title: ({ steps }) => `${steps} steps`,
  run: async (ctx, { steps }) => {
    for (let step = 0; step < steps; step += 1) await ctx.step(`step ${step}`, async () => step);
    return steps;
  },
});

/** Whole runs, from the start to the known end, in a process with a worker inside: by steps and by runs in flight. */
export function measureKernel(effort: number): Promise<Figure[]> {
  return withBenchKernel([counting], async (kernel, db) => {
    await db.query('CREATE TABLE bench_rows (id serial PRIMARY KEY, text text)');
    const begun = { capability: 'counting', trigger: { kind: 'system' }, userId: null } as const;
    const run = async (steps: number) => {
      const { run: started } = await kernel.start({ ...begun, input: { steps } });
      await kernel.finished(started.id, new AbortController().signal);
    };
    await inFlight(4, 400, () => run(2));
    const figures: Figure[] = [];
    for (const clients of [1, 8]) {
      for (const steps of [0, 1, 5]) {
        const inserts = await inFlight(clients, 200, () => insertRow(db));
        const runs = await inFlight(clients, Math.ceil(effort * (clients === 1 ? 300 : 1000)), () =>
          run(steps),
        );
        figures.push(figureOf(clients, steps, runs, inserts));
      }
    }
    return figures;
  });
}

/** A kernel with its worker, wired as in `gantry up`, on PostgreSQL with fsync on. */
export async function withBenchKernel<T>(
  capabilities: readonly Capability[],
  work: (kernel: Kernel, db: Database) => Promise<T>,
): Promise<T> {
  const log = createLogger('warn');
  const dataDir = await makeDataDir();
  const postgres = await startEmbedded({ dataDir, logger: log });
  const db = openDatabase({ url: postgres.url, poolSize: 10, onError: () => undefined });
  try {
    await migrate(db);
    const listener = await openListener(db, log);
    const hub = createHub(db, listener, log);
    const capabilityNamed = catalogueOf(capabilities);
    const worker = await startWorker({
      db,
      listener,
      log,
      capabilityNamed,
      publish: hub.publish,
      maxAttempts: () => 5,
      slots: 8,
      capabilities: capabilities.map(({ name }) => name),
      caps: () => ({
        running: 1000,
        perUser: 1000,
        perRepository: 1000,
        perCapability: {},
        agingSeconds: 60,
      }),
      maxQueued: () => 10_000,
      retentionDays: () => 0,
      paused: () => false,
      drainMs: 1000,
    });
    try {
      const kernel = createKernel({
        db,
        hub,
        capabilityNamed,
        maxQueued: () => 10_000,
        onQueued: worker.poke,
      });
      return await work(kernel, db);
    } finally {
      await worker.stop();
      hub.close();
      await listener.close();
    }
  } finally {
    await db.close();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** What nobody can undercut: one row, committed, on the same PostgreSQL. */
export async function insertRow(db: Database): Promise<void> {
  await db.query(`INSERT INTO bench_rows (text) VALUES ('x')`, [], 'bench_insert');
}

async function inFlight(
  clients: number,
  count: number,
  work: () => Promise<void>,
): Promise<{ times: Summary; perSecond: number }> {
  const times: number[] = [];
  let left = count;
  const begun = performance.now();
  const loop = async () => {
    while (left > 0) {
      left -= 1;
      const started = performance.now();
      await work();
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: clients }, loop));
  return { times: summarise(times), perSecond: (1000 * count) / (performance.now() - begun) };
}

function figureOf(
  clients: number,
  steps: number,
  runs: { times: Summary; perSecond: number },
  inserts: { times: Summary },
): Figure {
  return {
    name: `a run with ${steps} steps, ${clients} in flight, start to end`,
    unit: 'ms',
    measured: runs.times,
    baseline: { name: 'a committed row', summary: inserts.times },
    compared: `${runs.perSecond.toFixed(0)} runs/s, p99 ${runs.times.p99.toFixed(1)} ms`,
    target: 'told only',
    reached: null,
  };
}
