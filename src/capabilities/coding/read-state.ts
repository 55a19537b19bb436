import { boolean, fields, listOf, maybe, number, once, oneOf, or, text, type Read } from './read-value.ts';
import type {
  BranchState,
  DebateRound,
  FollowUpState,
  GoalIteration,
  GoalSpec,
  GoalState,
  Plan,
  PlanIteration,
  PlanState,
  PlanStep,
  SessionCommit,
  SessionPull,
  StepAttempt,
  StepState,
} from './schema.ts';
import type { CheckResult, Finding, TestCounts, Verification } from './verify/verification.ts';

/*
 * The states of a session as its events tell them, without zod: pages load this. What is missing, such as in a run of an
 * older version, has a plain value; what makes no sense at all is undefined.
 */

const words = or(text, '');
const texts = listOf(text);
const count = or(number, 0);

const spec: Read<GoalSpec> = fields<GoalSpec>({
  summary: text,
  acceptance: texts,
  outOfScope: texts,
  assumptions: texts,
  risks: texts,
});

const round: Read<DebateRound> = fields<DebateRound>({
  round: number,
  proposal: maybe(spec),
  critique: maybe(
    fields<NonNullable<DebateRound['critique']>>({
      summary: words,
      points: listOf(fields({ severity: or(oneOf(['blocking', 'minor']), 'minor'), text })),
    }),
  ),
  judgement: maybe(
    fields<NonNullable<DebateRound['judgement']>>({
      verdict: oneOf(['ready', 'revise', 'infeasible']),
      reason: words,
      instructions: texts,
    }),
  ),
});

export const readGoal: Read<GoalState> = once(
  fields<GoalState>({
    status: oneOf(['debating', 'proposed', 'accepted', 'rejected', 'skipped']),
    iterations: listOf(
      fields<GoalIteration>({
        iteration: number,
        feedback: maybe(text),
        rounds: listOf(round),
        spec: maybe(spec),
      }),
    ),
  }),
);

const commitType = or(
  oneOf(['feat', 'fix', 'refactor', 'perf', 'test', 'docs', 'build', 'ci', 'style', 'chore']),
  'chore',
);

const plannedStep: Read<PlanStep> = (value) => {
  const step = fields<Omit<PlanStep, 'scope'>>({
    id: text,
    title: text,
    description: words,
    type: commitType,
    files: texts,
    dependsOn: texts,
    acceptance: texts,
    size: or(oneOf(['small', 'medium', 'large']), 'medium'),
  })(value);
  const scope = fields({ scope: text })(value);
  return step && { ...step, ...scope };
};

const steps = listOf(plannedStep);

/** A plan as a person may have written it; undefined when it is none. */
export const readPlan: Read<Plan> = fields<Plan>({ steps });

export const readPlanState: Read<PlanState> = once(
  fields<PlanState>({
    status: oneOf(['planning', 'proposed', 'approved', 'rejected', 'skipped']),
    iterations: listOf(
      fields<PlanIteration>({
        iteration: number,
        by: or(oneOf(['agent', 'person']), 'agent'),
        feedback: maybe(text),
        steps,
      }),
    ),
  }),
);

const finding: Read<Finding> = fields<Finding>({
  path: maybe(text),
  line: maybe(number),
  rule: maybe(text),
  message: words,
  severity: or(oneOf(['error', 'warning']), 'warning'),
});

const checkFields = fields<Omit<CheckResult, 'more' | 'tests'>>({
  kind: oneOf(['lint', 'types', 'tests', 'security', 'review']),
  name: text,
  command: maybe(text),
  status: oneOf(['passed', 'failed', 'failing-before', 'unavailable']),
  summary: words,
  findings: listOf(finding),
  output: words,
  durationMs: count,
});
const counts = fields<TestCounts>({ total: maybe(number), failed: count, skipped: count });

const check: Read<CheckResult> = (value) => {
  const more = fields({ more: number })(value);
  const tests = fields({ tests: counts })(value);
  const result = checkFields(value);
  return result && { ...result, ...more, ...tests };
};

export const readVerification: Read<Verification> = once(
  fields<Verification>({ passed: boolean, checks: listOf(check) }),
);

const commit: Read<SessionCommit> = fields<SessionCommit>({
  sha: text,
  message: words,
  step: maybe(text),
  files: count,
  added: count,
  removed: count,
});

export const readStep: Read<StepState> = once(
  fields<StepState>({
    id: text,
    title: words,
    position: count,
    status: oneOf(['writing', 'verifying', 'waiting', 'done', 'unchanged', 'skipped', 'failed']),
    attempts: listOf(
      fields<StepAttempt>({
        attempt: number,
        turns: count,
        notice: maybe(text),
        verification: maybe(readVerification),
      }),
    ),
    commit: maybe(commit),
    diffFile: maybe(text),
  }),
);

export const readBranch: Read<BranchState> = once(
  fields<BranchState>({
    name: text,
    base: words,
    baseCommit: words,
    commits: listOf(commit),
    pushed: maybe(text),
  }),
);

export const readPull: Read<SessionPull> = once(
  fields<SessionPull>({
    number,
    url: words,
    title: words,
    state: oneOf(['open', 'closed', 'merged']),
    isDraft: or(boolean, false),
  }),
);

export const readFollowUp: Read<FollowUpState> = once(
  fields<FollowUpState>({
    attempts: count,
    of: count,
    doing: oneOf(['watching', 'answering', 'mending', 'over']),
    answered: listOf(fields({ comment: words, author: words, url: maybe(text) })),
    notice: maybe(text),
  }),
);
