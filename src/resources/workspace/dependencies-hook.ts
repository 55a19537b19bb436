import type { EventBody } from '../../contract/event.ts';
import type { StepContext } from '../../kernel/context.ts';
import type { SandboxMount, SandboxTree } from '../ports/sandbox.ts';
import type { WorkspaceBase } from './workspace.ts';

type WorkspaceEventData = Extract<EventBody, { type: 'workspace' }>['data'];

/** What the dependencies of a workspace are installed by. */
export interface DependencyRequest {
  readonly step: StepContext;
  readonly base: WorkspaceBase;
  /** Whose layers these are: credential scope and trust. */
  readonly tenant: string;
  /** On which the new ones come. */
  readonly layers: readonly string[];
  readonly mounts: readonly SandboxMount[];
  readonly disk: SandboxTree['disk'];
}

/** Layers that come on top, and what there is to tell of them. */
export interface DependencyLayers {
  readonly layers: readonly string[];
  readonly told: WorkspaceEventData['dependencies'];
  /** What programs need to find the packages. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of files and directories, anywhere, that belong to packages and to no checkpoint; `*` stands before an ending. */
  readonly ignore: readonly string[];
}

/** Installs what the repository's lockfiles name, in a sandbox of its own, or finds it installed. */
export type InstallDependencies = (request: DependencyRequest) => Promise<DependencyLayers>;
