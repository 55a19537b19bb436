import type { RunView } from '../../contract/run-view.ts';
import {
  readBranch,
  readFollowUp,
  readGoal,
  readPlanState,
  readPull,
  readStep,
  readVerification,
} from './read-state.ts';
import type {
  BranchState,
  FollowUpState,
  GoalSpec,
  GoalState,
  PlanIteration,
  PlanState,
  PlanStep,
  SessionPull,
  StepState,
} from './schema.ts';
import type { Verification } from './verify/verification.ts';

/** One step of the plan and how far it has come. */
export interface SessionStep {
  readonly id: string;
  readonly title: string;
  /** From 1. */
  readonly position: number;
  /** As the plan has it; null for one that the plan no longer names. */
  readonly planned: PlanStep | null;
  /** Null until it is begun. */
  readonly state: StepState | null;
}

/** Where a session stands. Whatever it has not come to is null. */
export interface SessionView {
  readonly goal: GoalState | null;
  readonly plan: PlanState | null;
  /** In the order in which they are done. */
  readonly steps: readonly SessionStep[];
  readonly branch: BranchState | null;
  readonly pull: SessionPull | null;
  /** What the checks said before the first change. */
  readonly baseline: Verification | null;
  readonly followUp: FollowUpState | null;
}

const stepKey = /^step (.+)$/;

/** What a session stands at, of the run's events: the one fold that pages, the command line and the API share. */
export function sessionView(view: Pick<RunView, 'state'>): SessionView {
  const { now } = view.state;
  const value = (key: string): unknown => now.get(key)?.value;
  const plan = readPlanState(value('plan')) ?? null;
  return {
    goal: readGoal(value('goal')) ?? null,
    plan,
    steps: stepsOf(latestPlan(plan), view),
    branch: readBranch(value('branch')) ?? null,
    pull: readPull(value('pull')) ?? null,
    baseline: readVerification(value('baseline')) ?? null,
    followUp: readFollowUp(value('follow-up')) ?? null,
  };
}

function stepsOf(plan: PlanIteration | null, { state }: Pick<RunView, 'state'>): SessionStep[] {
  const begun = new Map<string, StepState>();
  for (const [key, { value }] of state.now) {
    const id = stepKey.exec(key)?.[1];
    const step = id === undefined ? undefined : readStep(value);
    if (id !== undefined && step) begun.set(id, step);
  }
  const planned = plan?.steps ?? [];
  const known = new Set(planned.map(({ id }) => id));
  const others = [...begun.values()]
    .filter(({ id }) => !known.has(id))
    .toSorted((one, other) => one.position - other.position);
  return [
    ...planned.map((step) => ({ ...namesOf(step), planned: step, state: begun.get(step.id) ?? null })),
    ...others.map((step) => ({ ...namesOf(step), planned: null, state: step })),
  ].map((step, index) => ({ ...step, position: index + 1 }));
}

function namesOf({ id, title }: { readonly id: string; readonly title: string }) {
  return { id, title };
}

/** The plan as it was proposed or edited last. */
export function latestPlan(plan: PlanState | null): PlanIteration | null {
  return plan?.iterations.at(-1) ?? null;
}

/** The goal as it was proposed last, or accepted. */
export function latestGoal(goal: GoalState | null): GoalSpec | null {
  return goal?.iterations.findLast(({ spec }) => spec !== null)?.spec ?? null;
}
