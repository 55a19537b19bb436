import { bundleRoutes } from '../api/bundle-routes.ts';
import type { Logger } from '../base/logger.ts';
import type { Config } from '../config.ts';
import type { ApiRoute } from '../contract/api.ts';
import { repeat } from '../kernel/repeat.ts';
import { createEgress } from '../resources/egress/egress.ts';
import type { SandboxDriver } from '../resources/ports/sandbox.ts';
import type { Repositories } from '../resources/repositories/repositories.ts';
import { createBundles } from '../resources/workspace/bundles.ts';
import { createWorkspaces, type ClosableWorkspaces } from '../resources/workspace/create-workspaces.ts';
import { createMirrors } from '../resources/workspace/mirrors.ts';
import type { Database } from '../store/database.ts';
import { join } from 'node:path';
import { openDependencies } from './dependencies.ts';
import { openGitWay } from './git-way.ts';

const MiB = 1024 ** 2;
const hour = 3_600_000;

/** The files that runs work on, and what the API takes of them. */
export interface OpenedWorkspaces {
  readonly workspaces: ClosableWorkspaces;
  /** Removes what is kept of a repository; what is in use goes later, by itself. */
  readonly forget: (repository: string) => Promise<void>;
  readonly routes: readonly ApiRoute[];
}

export interface WorkspaceDoors {
  readonly db: Database;
  readonly sandboxes: SandboxDriver;
  readonly repositories: () => Pick<Repositories, 'get' | 'forge'>;
  readonly logger: Logger;
}

/** Mirrors, snapshots, bundles and workspaces as they are configured; closed before what they stand on. */
export function openWorkspaces(
  config: Config,
  { db, sandboxes, repositories, logger }: WorkspaceDoors,
  started: AsyncDisposableStack,
): OpenedWorkspaces {
  const egress = createEgress({ dataDir: config.dataDir });
  started.defer(() => egress.close());
  const mirrors = createMirrors({
    directory: join(config.dataDir, 'mirrors'),
    mostBytes: config.mirrorMib * MiB,
    repositoryBytes: config.repositoryMib * MiB,
    fetchTimeoutMs: config.repositoryTimeoutSeconds * 1000,
    openWay: (remote) => openGitWay(config, egress, remote),
    log: logger,
  });
  const mostBytes = config.bundleMib * MiB;
  const bundles = createBundles(db, { mostBytes, perOwnerBytes: 4 * mostBytes });
  started.defer(repeat(hour, logger, () => bundles.expire()));
  const workspaces = createWorkspaces({
    sandboxes,
    mirrors,
    bundles,
    repositories: {
      get: (name) => repositories().get(name),
      forge: (repository) => repositories().forge(repository),
    },
    installDependencies: openDependencies(config, sandboxes, egress),
    limits: {
      wallMs: 600_000,
      cpuMs: 600_000,
      memoryBytes: 2048 * MiB,
      processes: 256,
      openFiles: 4096,
      fileBytes: config.workspaceMib * MiB,
      diskBytes: config.workspaceMib * MiB,
      inodes: config.workspaceFiles,
      stackBytes: 8 * MiB,
      outputBytes: 8 * MiB,
    },
    disk: process.getuid?.() === 0 ? 'storage' : 'memory',
    scriptMs: 60_000,
    checkpointBytes: config.checkpointMib * MiB,
    snapshotBytes: config.snapshotMib * MiB,
    idleMs: config.workspaceIdleMinutes * 60_000,
    log: logger,
  });
  started.defer(() => workspaces.close());
  const forget = async (name: string): Promise<void> => {
    const { id } = await repositories().get(name);
    await mirrors.remove(id);
    for (const { tenant, key } of await sandboxes.layers.list())
      if (tenant.startsWith(`repository ${id} `)) await sandboxes.layers.remove(tenant, key);
  };
  return { workspaces, forget, routes: bundleRoutes(bundles) };
}
