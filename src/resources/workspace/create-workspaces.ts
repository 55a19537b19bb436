import type { Logger } from '../../base/logger.ts';
import type { StepContext } from '../../kernel/context.ts';
import type { SandboxDriver, SandboxLimits, SandboxTree } from '../ports/sandbox.ts';
import type { Repositories } from '../repositories/repositories.ts';
import { branchWork } from './branch-work.ts';
import type { Bundles } from './bundles.ts';
import type { InstallDependencies } from './dependencies-hook.ts';
import { holdWorkspaces, type Held } from './held-workspaces.ts';
import { trimLayers } from './layer-space.ts';
import type { Mirrors } from './mirrors.ts';
import { isSameState } from './open-workspace.ts';
import { makeReady } from './ready-workspace.ts';
import { resolveBundle, resolveConnected } from './resolve.ts';
import { workspaceOf } from './step-workspace.ts';
import type { WorkspaceOptions, Workspaces, WorkspaceState } from './workspace.ts';

export interface WorkspaceParts {
  readonly sandboxes: SandboxDriver;
  readonly repositories: Pick<Repositories, 'get' | 'forge'>;
  readonly mirrors: Mirrors;
  readonly bundles: Bundles;
  /** Installs what lockfiles name; without it workspaces have no dependencies. */
  readonly installDependencies?: InstallDependencies;
  /** What one program may use; a workspace may be given less. */
  readonly limits: SandboxLimits;
  readonly disk: SandboxTree['disk'];
  /** What one of our scripts in a sandbox may take, in milliseconds; ten times that to check a repository out. */
  readonly scriptMs: number;
  /** Of what one step changed, in bytes. */
  readonly checkpointBytes: number;
  /** What snapshots may take on this machine; those longest unused go first. */
  readonly snapshotBytes: number;
  /** A workspace that nobody uses for so long is closed; it opens again where it is needed. */
  readonly idleMs: number;
  readonly log: Logger;
}

export interface ClosableWorkspaces extends Workspaces {
  /** Closes what is open in this process. */
  close(): Promise<void>;
}

/** The workspaces of this process. */
export function createWorkspaces(given: WorkspaceParts): ClosableWorkspaces {
  const held = holdWorkspaces(given.idleMs, given.log);
  const parts = { ...given, sandboxes: makingRoom(given.sandboxes, held.makeRoom) };
  const trim = (): void =>
    void trimLayers(parts.sandboxes.layers, parts.snapshotBytes).catch((error: unknown) =>
      parts.log.warn({ err: error }, 'snapshots could not be trimmed'),
    );
  return {
    resolve: (step, choice, trust) =>
      choice.kind === 'bundle'
        ? resolveBundle(parts, step, choice, trust)
        : resolveConnected(parts, step, choice, trust),
    at: (step: StepContext, state, options = {}) => {
      const key = keyOf(step.owner.runId, options.name);
      return held.inTurn(key, async (entry) => {
        step.signal.throwIfAborted();
        if (!(await fits(entry, state, options))) {
          await held.change(entry, () => makeReady(parts, step, state, options));
          trim();
        }
        held.rest(key, entry);
        if (!entry.ready) throw new Error('unreachable');
        return workspaceOf(
          entry.ready.opened,
          step,
          { ...parts.limits, ...options.limits },
          { begin: () => held.use(key, entry), env: entry.ready.env },
        );
      });
    },
    ...branchWork(parts),
    release: (runId, name) => held.close(keyOf(runId, name)),
    close: () => held.close(''),
  };
}

const roomPauseMs = 500;

/** The same sandboxes; while one has to wait for room, workspaces that rest give theirs up. */
function makingRoom(sandboxes: SandboxDriver, makeRoom: () => void): SandboxDriver {
  return {
    ...sandboxes,
    create: async (spec) => {
      let timer: NodeJS.Timeout | undefined;
      const onWait = (): void => {
        makeRoom();
        timer = setInterval(makeRoom, roomPauseMs);
      };
      try {
        return await sandboxes.create({ ...spec, onWait });
      } finally {
        clearInterval(timer);
      }
    },
  };
}

/** Of a run, and of what it calls the workspace. */
function keyOf(runId: string, name = ''): string {
  return `${runId} ${name}`;
}

async function fits({ ready }: Held, state: WorkspaceState, options: WorkspaceOptions): Promise<boolean> {
  return (
    ready !== undefined &&
    isSameState(ready.opened.state(), state) &&
    (options.dependencies !== true || ready.hasDependencies) &&
    (await ready.opened.isUnchanged().catch(() => false))
  );
}
