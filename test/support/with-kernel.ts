import { createLogger } from '../../src/base/logger.ts';
import type { Capability } from '../../src/kernel/capability.ts';
import { catalogueOf, createKernel } from '../../src/kernel/create-kernel.ts';
import type { Caps } from '../../src/kernel/dispatch.ts';
import { createHub, type Hub } from '../../src/kernel/follow.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { startWorker, type Worker } from '../../src/kernel/worker.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { openListener, type Listener } from '../../src/store/listen.ts';
import { testDatabase } from './postgres.ts';

export interface TestKernel {
  readonly kernel: Kernel;
  readonly db: Database;
  readonly hub: Hub;
  readonly listener: Listener;
  readonly url: string;
  /** Starts a worker of its own, with its own connections, as another process would have. */
  work(options?: {
    slots?: number;
    caps?: Partial<Caps>;
    maxAttempts?: number;
    drainMs?: number;
    /** What it has that runs may need; unless named, it takes any run. */
    offers?: readonly string[];
  }): Promise<Worker>;
}

export interface KernelSettings {
  readonly capabilities: readonly Capability[];
  readonly maxQueued?: number;
  /** What the kernel tells of why runs wait; workers have theirs. */
  readonly caps?: Partial<Caps>;
  /** An existing database instead of a fresh one. */
  readonly url?: string;
}

const generous: Caps = {
  running: 1000,
  perUser: 1000,
  perRepository: 1000,
  perCapability: {},
  agingSeconds: 60,
};

/** Gives `test` a kernel on a database of its own, and ends everything that it started. */
export async function withKernel(
  settings: KernelSettings,
  test: (kernel: TestKernel) => Promise<void>,
): Promise<void> {
  const fresh = settings.url === undefined ? await testDatabase() : undefined;
  const url = settings.url ?? fresh?.url ?? '';
  const log = createLogger(process.env['GANTRY_TEST_LOG'] ?? 'silent');
  const closers: (() => Promise<unknown>)[] = [];
  const maxQueued = settings.maxQueued ?? 10_000;
  const capabilityNamed = catalogueOf(settings.capabilities);

  async function connect() {
    const db = openDatabase({ url, poolSize: 8, onError: () => undefined });
    const listener = await openListener(db, log);
    const hub = createHub(db, listener, log);
    closers.push(async () => {
      hub.close();
      await listener.close();
      await db.close();
    });
    return { db, listener, hub };
  }

  try {
    const { db, hub, listener } = await connect();
    const workers: Worker[] = [];
    const onQueued = () => undefined;
    const kernel = createKernel({
      db,
      hub,
      capabilityNamed,
      maxQueued: () => maxQueued,
      onQueued,
      queueRules: () => ({ caps: { ...generous, ...settings.caps }, intakePaused: false }),
    });
    await test({
      kernel,
      db,
      hub,
      listener,
      url,
      work: async (options = {}) => {
        const own = await connect();
        const worker = await startWorker({
          ...own,
          capabilityNamed,
          publish: own.hub.publish,
          maxAttempts: () => options.maxAttempts ?? 5,
          log,
          slots: options.slots ?? 8,
          capabilities: settings.capabilities.map((capability) => capability.name),
          caps: () => ({ ...generous, ...options.caps }),
          maxQueued: () => maxQueued,
          retentionDays: () => 0,
          paused: () => false,
          drainMs: options.drainMs ?? 5000,
          about: { version: '0.0.0', offers: () => options.offers ?? null, sandboxStarts: () => null },
        });
        workers.push(worker);
        closers.push(() => worker.stop());
        return worker;
      },
    });
  } finally {
    for (const close of closers.toReversed()) await close();
    await fresh?.drop();
  }
}

/** The run once it has finished; fails the test after a generous while. */
export function finished(kernel: Kernel, runId: string, patienceMs = 30_000) {
  return kernel.finished(runId, AbortSignal.timeout(patienceMs));
}

export const asSystem = { trigger: { kind: 'system' }, userId: null } as const;
