import { longestPatch, type Candidate } from './commit-step.ts';
import { skips } from './phases.ts';
import { retries } from './retries.ts';
import type { GoalSpec, PlanStep } from './schema.ts';
import type { SessionContext, SessionStart } from './session-context.ts';
import { judgeChecks } from './verify/judge.ts';
import { reviewChange } from './verify/review-step.ts';
import { runChecks } from './verify/run-checks.ts';
import type { CheckResult, Verification } from './verify/verification.ts';
import type { WorkspaceState } from '../../resources/workspace/workspace.ts';

export interface VerifyRequest {
  /** Of one verification of the run only: `s1.2`. */
  readonly name: string;
  readonly spec: GoalSpec;
  /** What the change was to do. */
  readonly step: Pick<PlanStep, 'title' | 'description' | 'acceptance'>;
  readonly candidate: Candidate;
  readonly state: WorkspaceState;
}

/**
 * Proves a change: the repository's own checks in its workspace, and a model that reads it in another, side by side. Gantry's own
 * look at the added lines is taken whatever the session goes without.
 */
export async function verifyStep(
  session: SessionContext,
  start: SessionStart,
  before: Verification | null,
  request: VerifyRequest,
): Promise<Verification> {
  const { input } = session;
  const [results, review] = await Promise.all([
    checkStep(session, start, request),
    skips(input, 'review') || start.config.review === false ? [] : reviewOf(session, request),
  ]);
  return judgeChecks([...results, ...review], before);
}

function checkStep(
  { ctx, resources: { workspaces } }: SessionContext,
  { checks }: SessionStart,
  { name, state, candidate }: VerifyRequest,
): Promise<CheckResult[]> {
  return ctx.step(
    `verify ${name}`,
    async (step) => {
      const { base } = state;
      const { parents, commit, paths } = candidate;
      const [from = ''] = parents;
      const whole = await workspaces.compare(step, base, { from, to: commit.sha, maxBytes: longestPatch });
      try {
        // In the writer's own, what it has left where no commit takes it could make them pass: a program in node_modules/.bin.
        const workspace = await workspaces.at(step, state, { dependencies: true, name: 'checks' });
        // What no commit holds, neither reviewers see nor CI has: settings of npm that are ignored.
        await workspace.strip(parents);
        return await runChecks(workspace, checks, {
          signal: step.signal,
          changed: { paths, diff: whole.text, isDiffCut: whole.truncated },
          onOutput: (check, text) =>
            step.emit({ type: 'output', data: { stream: 'stdout', text, stage: check } }),
        });
      } finally {
        await workspaces.release(ctx.run.id, 'checks');
      }
    },
    { retry: retries.checks },
  );
}

async function reviewOf(
  session: SessionContext,
  { name, spec, step, candidate, state }: VerifyRequest,
): Promise<CheckResult[]> {
  const { diff, isDiffCut } = candidate;
  return [await reviewChange(session, { name, spec, step, diff, isDiffCut, state })];
}
