import { createHash } from 'node:crypto';
import type { Project } from './project.ts';

/** All that the result of an install depends on. */
export interface SnapshotInputs {
  readonly project: Project;
  /** What the manager's `version` prints in a sandbox of this machine. */
  readonly versions: string;
  readonly registry: string;
  /** The install command and its variables, scripts or not among them: another Gantry may do it otherwise. */
  readonly recipe: string;
  readonly tenant: string;
  readonly trust: string;
  /** Keys of the layers that it lies over. */
  readonly layers: readonly string[];
}

/** The key of a snapshot: the same for the same inputs only. */
export function snapshotKey(inputs: SnapshotInputs): string {
  const { project, versions, registry, recipe, tenant, trust, layers } = inputs;
  const all = [
    'dependencies 1',
    [project.manager, project.directory, project.lockfile, project.argument, project.digest],
    [versions, process.platform, process.arch, registry, recipe],
    [tenant, trust],
    project.readsTree ? layers : 'any',
  ];
  return `deps-${createHash('sha256').update(JSON.stringify(all)).digest('hex')}`;
}
