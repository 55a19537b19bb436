import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createLogger } from '../../src/base/logger.ts';
import { newId } from '../../src/base/ids.ts';
import type { Repository } from '../../src/contract/repository.ts';
import { sandboxDrivers } from '../../src/drivers/sandboxes/index.ts';
import { defineCapability } from '../../src/kernel/capability.ts';
import type { RunContext } from '../../src/kernel/context.ts';
import type { SandboxDriver, SandboxLimits } from '../../src/resources/ports/sandbox.ts';
import { createBundles, type Bundles } from '../../src/resources/workspace/bundles.ts';
import {
  createWorkspaces,
  type ClosableWorkspaces,
  type WorkspaceParts,
} from '../../src/resources/workspace/create-workspaces.ts';
import { createMirrors, type Mirrors } from '../../src/resources/workspace/mirrors.ts';
import type { Workspace } from '../../src/resources/workspace/workspace.ts';
import { finished, withKernel, type TestKernel } from './with-kernel.ts';

const MiB = 1024 ** 2;

export const workspaceLimits: SandboxLimits = {
  wallMs: 20_000,
  cpuMs: 20_000,
  // Without cgroups it bounds addresses, of which Node reserves many.
  memoryBytes: (process.getuid?.() === 0 ? 512 : 8192) * MiB,
  processes: 64,
  openFiles: 1024,
  fileBytes: 64 * MiB,
  diskBytes: 128 * MiB,
  inodes: 20_000,
  stackBytes: 8 * MiB,
  outputBytes: MiB,
};

/** A machine with a data directory of its own. */
export interface Machine {
  readonly dataDir: string;
  readonly workspaces: ClosableWorkspaces;
  readonly sandboxes: SandboxDriver;
  readonly mirrors: Mirrors;
  readonly bundles: Bundles;
  close(): Promise<void>;
}

export interface WorkspaceBench {
  readonly kernel: TestKernel;
  machine(options?: Partial<WorkspaceParts>, dataDir?: string): Machine;
  /** Connects a repository by its address. */
  connect(
    name: string,
    url: string,
    credential?: { username: string; password: string },
    id?: string,
  ): Repository;
  /** Runs a story to its end and answers what came of it; throws what it failed with. */
  story<T>(work: (ctx: RunContext) => Promise<T>, userId?: string | null, patienceMs?: number): Promise<T>;
}

/** Gives a test machines on one database, and ends all that it started. */
export async function withWorkspaces(
  test: (bench: WorkspaceBench) => Promise<void>,
  url?: string,
): Promise<void> {
  const stories = new Map<string, (ctx: RunContext) => Promise<unknown>>();
  const telling = defineCapability({
    name: 'telling',
    input: z.strictObject({ story: z.string() }),
    output: z.null(),
    title: () => 'a story',
    run: async (ctx, { story }) => {
      await stories.get(story)?.(ctx);
      return null;
    },
  });
  const machines: Machine[] = [];
  const repositories = new Map<string, Repository>();
  const credentials = new Map<string, { username: string; password: string }>();
  await withKernel({ capabilities: [telling], ...(url !== undefined && { url }) }, async (kernel) => {
    try {
      await kernel.work({ slots: 16 });
      await test({
        kernel,
        machine: (options, dataDir) => {
          const made = makeMachine(kernel, { repositories, credentials }, options, dataDir);
          machines.push(made);
          return made;
        },
        connect: (name, address, credential, id) => {
          const repository = repositoryOf(name, address, credential !== undefined, id);
          repositories.set(name, repository);
          if (credential) credentials.set(name, credential);
          return repository;
        },
        story: async <T>(
          work: (ctx: RunContext) => Promise<T>,
          userId: string | null = null,
          patienceMs?: number,
        ) => {
          const name = newId();
          const outcome: { answer?: T; error?: unknown } = {};
          stories.set(name, async (ctx) => {
            try {
              outcome.answer = await work(ctx);
            } catch (error) {
              outcome.error = error;
              throw error;
            }
          });
          const { run } = await kernel.kernel.start({
            ...{ capability: 'telling', input: { story: name } },
            ...{ trigger: { kind: 'system' }, userId },
          });
          await finished(kernel.kernel, run.id, patienceMs);
          if ('error' in outcome) throw outcome.error;
          return outcome.answer as T;
        },
      });
    } finally {
      for (const machine of machines.toReversed()) await machine.close();
    }
  });
}

/** A machine whose database is the kernel's. */
export function makeMachine(
  { db }: TestKernel,
  known: {
    repositories: ReadonlyMap<string, Repository>;
    credentials: ReadonlyMap<string, { username: string; password: string }>;
  },
  options: Partial<WorkspaceParts> = {},
  given?: string,
): Machine {
  const dataDir = given ?? mkdtempSync(join(tmpdir(), 'gantry-workspaces-'));
  chmodSync(dataDir, 0o755);
  const log = createLogger(process.env['GANTRY_TEST_LOG'] ?? 'silent');
  const sandboxes = sandboxDrivers.bubblewrap({
    dataDir,
    require: ['memory', 'processes', 'network'],
    allowUnsafe: false,
    diskBytes: 4096 * MiB,
    logger: log,
  });
  const mirrors = createMirrors({
    directory: join(dataDir, 'mirrors'),
    mostBytes: 1024 * MiB,
    repositoryBytes: 512 * MiB,
    fetchTimeoutMs: 300_000,
    openWay: async () => undefined,
    log,
  });
  const bundles = createBundles(db, { mostBytes: 64 * MiB, perOwnerBytes: 128 * MiB });
  const workspaces = createWorkspaces({
    sandboxes,
    mirrors,
    bundles,
    log,
    repositories: {
      get: async (name) => {
        const found = known.repositories.get(name);
        assert.ok(found, name);
        return found;
      },
      forge: async ({ name }) => forgeOf(known.credentials.get(name)),
    },
    limits: workspaceLimits,
    disk: 'memory',
    scriptMs: 20_000,
    checkpointBytes: 32 * MiB,
    snapshotBytes: 1024 * MiB,
    idleMs: 60_000,
    ...options,
  });
  return {
    dataDir,
    workspaces,
    sandboxes,
    mirrors,
    bundles,
    close: async () => {
      await workspaces.close();
      await sandboxes.close();
      if (given !== undefined) return;
      const sandboxDirectory = join(dataDir, 'sandboxes');
      const left = existsSync(sandboxDirectory) ? readdirSync(sandboxDirectory) : [];
      rmSync(dataDir, { recursive: true, force: true });
      assert.deepEqual(left, [], 'a sandbox directory is left');
    },
  };
}

/* Of a forge, workspaces need the credential only. */
function forgeOf(credential: { username: string; password: string } | undefined) {
  const unable = (): never => {
    throw new Error('not a part of this test');
  };
  return {
    kind: 'git' as const,
    abilities: {
      pulls: false,
      issues: false,
      statuses: false,
      checks: false,
      reviews: false,
      scopedCredentials: false,
    },
    close: async () => undefined,
    credential: async () =>
      credential ? { ...credential, expiresAt: null, revoke: async () => undefined } : null,
    ...{ describe: unable, branch: unable, branches: unable, pull: unable, pulls: unable, openPull: unable },
    ...{ updatePull: unable, pullDiff: unable, issue: unable, comments: unable, comment: unable },
    ...{ setStatus: unable, permission: unable, checks: unable, reviewComments: unable, reply: unable },
  };
}

/** A connected repository at an address. */
export function repositoryOf(name: string, url: string, hasCredential: boolean, id = newId()): Repository {
  const now = new Date().toISOString();
  return {
    ...{
      id,
      name,
      forge: 'git',
      url,
      webUrl: null,
      defaultBranch: 'main',
      isPrivate: hasCredential,
    },
    ...{ auth: hasCredential ? 'token' : 'none', status: 'ok', problem: null },
    ...{ checkedAt: now, createdAt: now, createdBy: null },
  };
}

/** Runs a shell script in a workspace; answers what it printed, and fails unless it ended well. */
export async function shell(workspace: Workspace, script: string): Promise<string> {
  const pieces = { stdout: '', stderr: '' };
  const { exit } = await workspace.exec({
    argv: ['/bin/sh', '-c', script],
    onOutput: ({ stream, data }) => (pieces[stream] += Buffer.from(data).toString()),
  });
  assert.deepEqual(exit, { kind: 'exited', code: 0 }, pieces.stderr);
  return pieces.stdout;
}
