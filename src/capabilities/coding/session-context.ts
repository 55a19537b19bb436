import type { RunContext } from '../../kernel/context.ts';
import type { WorkspaceState } from '../../resources/workspace/workspace.ts';
import type { Artifacts } from '../../resources/artifacts.ts';
import type { AgentResources, ForgeTalk } from '../capability-module.ts';
import type { CodingInput } from './schema.ts';
import type { Check } from './verify/check.ts';
import type { RepositoryConfig } from './verify/repository-config.ts';

/** What sessions work with: what agents do, and a place for the files that they leave. */
export interface SessionResources extends AgentResources {
  readonly artifacts: Artifacts;
  readonly forgeTalk: ForgeTalk;
}

/** What every phase of a session sees. */
export interface SessionContext {
  readonly ctx: RunContext;
  readonly input: CodingInput;
  readonly resources: SessionResources;
}

/** What a session starts from; recorded. */
export interface SessionStart {
  /** The base, without a change. */
  readonly state: WorkspaceState;
  /** What the base branch's `.gantry.yaml` says. */
  readonly config: RepositoryConfig;
  /** What the work is proven with. */
  readonly checks: readonly Check[];
  /** What the base's definitions of CI take in from the repository. */
  readonly ciIncludes: readonly string[];
  /** `gantry/<id8>` */
  readonly branch: string;
}
