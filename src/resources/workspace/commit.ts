import { GantryError } from '../../base/errors.ts';
import type { StepContext, StepOwner } from '../../kernel/context.ts';
import type { WorkspaceParts } from './create-workspaces.ts';
import type { BranchCommit, CommitRequest, Workspaces } from './workspace.ts';

export type CommitFiles = (
  owner: StepOwner,
  request: CommitRequest,
  signal: AbortSignal,
) => Promise<BranchCommit | null>;
export type MergeFiles = (
  ours: string,
  theirs: string,
  signal: AbortSignal,
) => Promise<{ conflicts: readonly string[] }>;

const missing = (): never => {
  throw new GantryError('INTERNAL', 'Branches cannot be made yet.');
};

export const commitFiles: CommitFiles = async () => missing();
export const mergeFiles: MergeFiles = async () => missing();

export function branchWork(
  _parts: WorkspaceParts,
): Pick<Workspaces, 'latest' | 'conflicts' | 'compare' | 'publish' | 'bundle'> {
  const none = async (_step: StepContext) => missing();
  return { latest: none, conflicts: none, compare: none, publish: none, bundle: none };
}
