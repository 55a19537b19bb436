import type { WorkspaceState } from '../../../resources/workspace/workspace.ts';
import { retries } from '../retries.ts';
import type { SessionContext } from '../session-context.ts';

/** The files of the session's branch as it is at the forge, with all that others have pushed to it. */
export function takeOverBranch(
  { ctx, resources }: SessionContext,
  repository: string,
  branch: string,
): Promise<WorkspaceState> {
  const choice = { kind: 'connected', name: repository, ref: branch } as const;
  return ctx.step('take over the branch', (step) => resources.workspaces.resolve(step, choice, 'trusted'), {
    retry: retries.asking,
  });
}
