import { metrics } from '../../base/metrics.ts';
import type { Logger } from '../../base/logger.ts';
import type { StepContext } from '../../kernel/context.ts';
import type { SandboxDriver, SandboxLimits, SandboxTree } from '../ports/sandbox.ts';
import type { Repositories } from '../repositories/repositories.ts';
import { branchWork } from './branch-work.ts';
import type { Bundles } from './bundles.ts';
import type { InstallDependencies } from './dependencies-hook.ts';
import { trimLayers } from './layer-space.ts';
import type { Mirrors } from './mirrors.ts';
import { isSameState } from './open-workspace.ts';
import { makeReady, type ReadyWorkspace } from './ready-workspace.ts';
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

interface Held {
  /** The last thing that was asked of it; things of one run happen one after another. */
  turn: Promise<unknown>;
  ready: ReadyWorkspace | undefined;
  idle: NodeJS.Timeout | undefined;
  /** What is being done with it now. */
  uses: number;
}

/** The workspaces of this process. */
export function createWorkspaces(parts: WorkspaceParts): ClosableWorkspaces {
  /** By run, then by name. */
  const held = new Map<string, Held>();
  const tell = (): void =>
    metrics.workspacesOpen([...held.values()].filter(({ ready }) => ready !== undefined).length);
  const inTurn = <T>(key: string, work: (entry: Held) => Promise<T>): Promise<T> => {
    const entry = held.get(key) ?? { turn: Promise.resolve(), ready: undefined, idle: undefined, uses: 0 };
    held.set(key, entry);
    clearTimeout(entry.idle);
    const done = entry.turn.then(() => work(entry));
    entry.turn = done.catch(() => undefined);
    return done;
  };
  const letGo = async (entry: Held): Promise<void> => {
    const { ready } = entry;
    entry.ready = undefined;
    await ready?.close();
    tell();
  };
  const closeOne = async (key: string): Promise<void> => {
    if (!held.has(key)) return;
    await inTurn(key, async (entry) => {
      await letGo(entry);
      held.delete(key);
    });
  };
  const rest = (key: string, entry: Held): void => {
    clearTimeout(entry.idle);
    if (entry.uses > 0 || held.get(key) !== entry) return;
    const close = (): void =>
      void closeOne(key).catch((error: unknown) =>
        parts.log.warn({ err: error, workspace: key }, 'an idle workspace could not be closed'),
      );
    entry.idle = setTimeout(close, parts.idleMs).unref();
  };
  const use = (key: string, entry: Held): (() => void) => {
    clearTimeout(entry.idle);
    entry.uses += 1;
    return () => {
      entry.uses -= 1;
      rest(key, entry);
    };
  };
  return {
    resolve: (step, choice, trust) =>
      choice.kind === 'bundle'
        ? resolveBundle(parts, step, choice, trust)
        : resolveConnected(parts, step, choice, trust),
    at: (step: StepContext, state, options = {}) => {
      const key = keyOf(step.owner.runId, options.name);
      return inTurn(key, async (entry) => {
        step.signal.throwIfAborted();
        if (!(await fits(entry, state, options))) {
          await letGo(entry);
          entry.ready = await makeReady(parts, step, state, options);
          tell();
          void trimLayers(parts.sandboxes.layers, parts.snapshotBytes).catch((error: unknown) =>
            parts.log.warn({ err: error }, 'snapshots could not be trimmed'),
          );
        }
        rest(key, entry);
        if (!entry.ready) throw new Error('unreachable');
        return workspaceOf(
          entry.ready.opened,
          step,
          { ...parts.limits, ...options.limits },
          {
            begin: () => use(key, entry),
            env: entry.ready.env,
          },
        );
      });
    },
    ...branchWork(parts),
    release: async (runId) => {
      const start = keyOf(runId, '');
      await Promise.all([...held.keys()].filter((key) => key.startsWith(start)).map(closeOne));
    },
    close: async () => {
      await Promise.all([...held.keys()].map(closeOne));
    },
  };
}

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
