import { metrics } from '../../base/metrics.ts';
import type { EventBody } from '../../contract/event.ts';
import type { StepContext } from '../../kernel/context.ts';
import type { SandboxMount } from '../ports/sandbox.ts';
import { checkoutKey, makeCheckout } from './base-layer.ts';
import type { WorkspaceParts } from './create-workspaces.ts';
import type { DependencyLayers } from './dependencies-hook.ts';
import { openWorkspace, type OpenWorkspace } from './open-workspace.ts';
import { bringCommits, sourceOf, taskOf, tenantOf, unbundle } from './resolve.ts';
import { checkoutShare, scriptLimits } from './script-limits.ts';
import { mirrorTarget } from './scripts.ts';
import type { WorkspaceBase, WorkspaceOptions, WorkspaceState } from './workspace.ts';

export interface ReadyWorkspace {
  readonly opened: OpenWorkspace;
  readonly hasDependencies: boolean;
  /** What its programs find their packages by. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

type Origin = Extract<EventBody, { type: 'workspace' }>['data']['from'];

/** What a workspace stands on. */
export interface Ground {
  readonly tenant: string;
  readonly layers: readonly string[];
  readonly mounts: readonly SandboxMount[];
  readonly from: Origin;
  release(): Promise<void>;
}

/** Builds a run's workspace from mirror, layers and bundles, and tells of it. */
export async function makeReady(
  parts: WorkspaceParts,
  step: StepContext,
  state: WorkspaceState,
  options: WorkspaceOptions,
): Promise<ReadyWorkspace> {
  const begun = performance.now();
  const [ground, chain] = await Promise.all([
    layGround(parts, step, state.base),
    state.checkpoint ? parts.bundles.chain(step.owner, state.checkpoint.commit) : [],
  ]);
  const { tenant, mounts, from } = ground;
  try {
    const installed = await install(parts, step, state.base, ground, options);
    const limits = scriptLimits({ ...parts.limits, ...options.limits }, parts.checkpointBytes);
    const tree = { layers: [...ground.layers, ...installed.layers], disk: parts.disk };
    const sandbox = await parts.sandboxes.create({ tenant, limits, mounts, tree });
    try {
      const { bundles, checkpointBytes, scriptMs } = parts;
      const { signal } = step;
      const opened = await openWorkspace({
        ...{ sandbox, bundles, state, chain, checkpointBytes, scriptMs, signal },
        bring: (user, commits) => bringCommits(parts, user, state.base, commits),
        ignore: installed.ignore,
        hasPackages: installed.layers.length > 0,
      });
      const durationMs = performance.now() - begun;
      metrics.workspaceReady(from, durationMs / 1000);
      tell(step, state, opened, { from, durationMs, dependencies: installed.told });
      const close = async (): Promise<void> => {
        await sandbox.destroy();
        await ground.release();
      };
      return { opened, hasDependencies: options.dependencies === true, env: installed.env, close };
    } catch (error) {
      await sandbox.destroy();
      throw error;
    }
  } catch (error) {
    await ground.release();
    throw error;
  }
}

async function install(
  { installDependencies, disk }: WorkspaceParts,
  step: StepContext,
  base: WorkspaceBase,
  { tenant, layers, mounts }: Ground,
  { dependencies }: WorkspaceOptions,
): Promise<DependencyLayers> {
  if (dependencies !== true || !installDependencies) return { layers: [], told: [], env: {}, ignore: [] };
  return installDependencies({ step, base, tenant, layers, mounts, disk });
}

async function layGround(parts: WorkspaceParts, step: StepContext, base: WorkspaceBase): Promise<Ground> {
  const { repository, commit, branch } = base;
  if (repository.kind === 'bundle') return groundOfBundle(parts, step, base);
  const connected = await parts.repositories.get(repository.name);
  const tenant = tenantOf(base, connected.id);
  if (commit === null)
    return { tenant, layers: [], mounts: [], from: 'clone', release: async () => undefined };
  const source = sourceOf(parts.repositories, connected);
  const mirror = await parts.mirrors.open(source, commit, taskOf(step, connected.name));
  const mounts = [{ source: mirror.path, target: mirrorTarget }];
  try {
    const key = checkoutKey({ commit, branch });
    const isThere = await parts.sandboxes.layers.has(tenant, key);
    if (!isThere) {
      const { sandboxes, limits, disk, scriptMs } = parts;
      const place = {
        ...{ sandboxes, tenant, limits: scriptLimits(limits, 0), disk, mounts },
        ...{ signal: step.signal, mostMs: checkoutShare * scriptMs },
      };
      const origin = /^https?:/.test(connected.url) ? connected.url : null;
      await makeCheckout(place, { commit, branch, origin });
    }
    const built: Origin = mirror.from === 'clone' ? 'clone' : 'mirror';
    const from = isThere && mirror.from !== 'clone' ? 'snapshot' : built;
    return { tenant, layers: [key], mounts, from, release: () => mirror.release() };
  } catch (error) {
    await mirror.release();
    throw error;
  }
}

export async function groundOfBundle(
  parts: WorkspaceParts,
  step: StepContext,
  base: WorkspaceBase,
): Promise<Ground> {
  const { repository, commit, branch, trust } = base;
  const tenant = tenantOf(base);
  const key = checkoutKey({ commit: commit ?? '', branch });
  const isThere = await parts.sandboxes.layers.has(tenant, key);
  if (!isThere && repository.kind === 'bundle') {
    await parts.bundles.use(repository.bundleId, step.owner.runId);
    await unbundle(parts, step.signal, repository, trust);
  }
  const from = isThere ? 'snapshot' : 'clone';
  return { tenant, layers: [key], mounts: [], from, release: async () => undefined };
}

const notices: Readonly<Record<string, string>> = {
  submodules: 'The repository has submodules; their folders are left empty.',
  lfs: 'The repository keeps files in Git LFS; pointers stand in their place.',
};

function tell(
  step: StepContext,
  { base, checkpoint }: WorkspaceState,
  opened: OpenWorkspace,
  how: Pick<Extract<EventBody, { type: 'workspace' }>['data'], 'from' | 'durationMs' | 'dependencies'>,
): void {
  step.emit({
    type: 'workspace',
    data: {
      repository: base.repository.name,
      branch: base.branch,
      commit: base.commit,
      checkpoint: checkpoint?.commit ?? null,
      ...how,
    },
  });
  if (checkpoint) return;
  for (const word of opened.notices) {
    const message = notices[word];
    if (message !== undefined) step.emit({ type: 'log', data: { level: 'warn', message } });
  }
}
