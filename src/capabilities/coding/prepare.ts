import { GantryError } from '../../base/errors.ts';
import type { Ask } from '../../contract/question.ts';
import type { WorkspaceState } from '../../resources/workspace/workspace.ts';
import { readCiIncludes } from './ci-includes.ts';
import { skips } from './phases.ts';
import { retries } from './retries.ts';
import type { SessionContext, SessionStart } from './session-context.ts';
import { tellBranch, tellState } from './tell-state.ts';
import type { Check } from './verify/check.ts';
import { detectChecks } from './verify/detect-checks.ts';
import { canProve, judgeChecks } from './verify/judge.ts';
import { readRepositoryConfig } from './verify/repository-config.ts';
import { runChecks } from './verify/run-checks.ts';
import type { Verification } from './verify/verification.ts';

/** Finds the commit to start from, what the repository sets, and what the work can be proven with. */
export async function prepare(session: SessionContext): Promise<SessionStart> {
  const { ctx, input, resources } = session;
  const { workspaces } = resources;
  const state = await ctx.step(
    'resolve',
    async (step) => usableBase(await workspaces.resolve(step, input.repository, 'trusted')),
    { retry: retries.asking },
  );
  const { config, checks, ciIncludes } = await ctx.step(
    'detect checks',
    async (step) => {
      const workspace = await workspaces.at(step, state, { dependencies: true });
      const found = await readRepositoryConfig(workspace);
      return {
        config: found,
        checks: skips(input, 'verify') ? [] : await detectChecks(workspace, found),
        ciIncludes: await readCiIncludes(workspace, step.signal),
      };
    },
    { retry: retries.files },
  );
  const branch = branchOf(ctx.run.id);
  tellBranch(ctx, { branch, state }, [], null);
  return { state, config, checks, ciIncludes, branch };
}

/** The end of the id: the first digits of two runs that begin in the same minute are the same. */
export function branchOf(runId: string): string {
  return `gantry/${runId.slice(-8)}`;
}

/** What the checks say of the base. In a workspace of its own, because the goal may be debated at the same time. */
export async function measureBefore(
  { ctx, resources: { workspaces } }: SessionContext,
  { state, checks }: SessionStart,
): Promise<Verification | null> {
  if (checks.length === 0) return null;
  ctx.emit({ type: 'progress', data: { phase: 'Checking the base' } });
  const results = await ctx.step(
    'check the base',
    async (step) => {
      try {
        const workspace = await workspaces.at(step, state, { dependencies: true, name: 'base' });
        return await runChecks(workspace, checks, { signal: step.signal });
      } finally {
        await workspaces.release(ctx.run.id, 'base');
      }
    },
    { retry: retries.checks },
  );
  const before = judgeChecks(results, null);
  tellState(ctx, 'baseline', before);
  return before;
}

/** Where nothing can prove the work, a person says whether it is to be done all the same. */
export async function mayWorkUnproven(
  { ctx, input }: SessionContext,
  { checks }: SessionStart,
  before: Verification | null,
): Promise<boolean> {
  if (skips(input, 'verify')) return true;
  if (before?.checks.some(canProve)) return true;
  const message =
    checks.length === 0
      ? 'No tests, types or linters were found in the repository.'
      : 'None of the checks of this repository can run here, or they fail already without saying of what.';
  ctx.emit({ type: 'log', data: { level: 'warn', message } });
  if (input.auto === true) return true;
  const given = await ctx.ask('checks', unprovenQuestion(message, checks, before));
  return given?.value !== 'stop';
}

function unprovenQuestion(message: string, checks: readonly Check[], before: Verification | null): Ask {
  return {
    title: 'Go on without proof?',
    text: `${message} What the agent changes would be looked at by a model only. To have it proven, name the commands under \`checks\` in .gantry.yaml of the base branch, or have an operator install the missing tools on the workers, and start again.`,
    items: checks.map(({ name, command }) => ({
      title: name,
      detail: before?.checks.find((each) => each.name === name)?.summary ?? command,
    })),
    answers: [
      { value: 'go-on', label: 'Go on without', tone: 'go' },
      { value: 'stop', label: 'Stop here', tone: 'refuse' },
    ],
  };
}

function usableBase(state: WorkspaceState): WorkspaceState {
  const { commit, branch, repository } = state.base;
  if (commit === null)
    throw new GantryError(
      'REPOSITORY_EMPTY',
      'The repository has no commits yet. Push the first one, then start the session again.',
    );
  // A bare commit may be a stranger's: forges hand out those of forks as well.
  if (branch === null && repository.kind === 'connected')
    throw new GantryError(
      'INPUT_INVALID',
      `"${repository.ref ?? ''}" is no branch of ${repository.name}. Name the branch that the pull request is to be for.`,
    );
  return state;
}
