import { buildStep, type Building, type Standing, type StepEnd } from './build-step.ts';
import type { PlanStep, SessionCommit } from './schema.ts';
import { tellBranch, tellState } from './tell-state.ts';
import type { Verification } from './verify/verification.ts';

/** What the plan's steps came to. */
export interface Built extends Standing {
  readonly commits: readonly SessionCommit[];
  /** Paths that any of the commits changes. */
  readonly paths: readonly string[];
  /** What was proven of the last commit. */
  readonly verification: Verification | null;
  /** Why not all steps are done; null when they are. */
  readonly notice: string | null;
  /** A person, or `auto` after the last try, ended it before its last step. */
  readonly isStopped: boolean;
}

/** Does the steps of the plan in their order, each on the commit of the one before. */
export async function build(building: Building): Promise<Built> {
  const { session, start, plan } = building;
  const { ctx } = session;
  let built: Built = {
    ...{ state: start.state, head: null, commits: [], paths: [], verification: null },
    ...{ notice: null, isStopped: false },
  };
  const done = new Set<string>();
  for (const step of plan.steps) {
    const missing = step.dependsOn.find((id) => !done.has(id));
    if (missing !== undefined) {
      leaveOut(building, step);
      continue;
    }
    const end = await buildStep(building, step, built, done);
    if (end.kind === 'stopped') return { ...built, notice: end.notice, isStopped: true };
    if (end.kind === 'skipped') continue;
    done.add(step.id);
    built = withStep(built, end);
    tellBranch(ctx, start, built.commits, null);
  }
  const left = plan.steps.length - done.size;
  if (left === 0) return built;
  const notice = `${left} of ${plan.steps.length} steps ${left === 1 ? 'was' : 'were'} left out.`;
  return { ...built, notice, isStopped: built.head === null };
}

function withStep(
  built: Built,
  { state, candidate, verification }: Extract<StepEnd, { kind: 'done' }>,
): Built {
  if (candidate === null) return { ...built, state };
  return {
    ...built,
    state,
    head: candidate.commit.sha,
    commits: [...built.commits, candidate.commit],
    paths: [...new Set([...built.paths, ...candidate.paths])],
    verification,
  };
}

/** A step whose ground was left out is left out as well. */
function leaveOut({ session, plan }: Building, { id, title }: PlanStep): void {
  const position = plan.steps.findIndex((each) => each.id === id) + 1;
  tellState(session.ctx, `step ${id}`, {
    ...{ id, title, position, status: 'skipped', attempts: [], commit: null, diffFile: null },
  });
}
