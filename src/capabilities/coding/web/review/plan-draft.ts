import type { Plan, PlanStep } from '../../schema.ts';
import { moved } from './drag-order.ts';

/** A plan as a person has edited it so far, and the words that will go with it. */
export interface PlanDraft {
  readonly steps: readonly PlanStep[];
  /** What it was before each change, the latest last. */
  readonly past: readonly (readonly PlanStep[])[];
  /** The change under way: more of the same is one change to undo. */
  readonly under: string | null;
  readonly comment: string;
}

export type PlanAct =
  | { readonly act: 'move'; readonly from: number; readonly to: number }
  /** `under` names what belongs together: one opening of the step's form. */
  | { readonly act: 'edit'; readonly id: string; readonly change: Partial<PlanStep>; readonly under: string }
  | { readonly act: 'add'; readonly step: PlanStep; readonly at: number }
  | { readonly act: 'remove'; readonly id: string }
  | { readonly act: 'undo' }
  | { readonly act: 'reset'; readonly to: Plan }
  | { readonly act: 'comment'; readonly text: string };

const mostPast = 100;

export function draftOf({ steps }: Pick<Plan, 'steps'>): PlanDraft {
  return { steps, past: [], under: null, comment: '' };
}

/** The draft after one act; the same object when it changes nothing. */
export function changeDraft(draft: PlanDraft, act: PlanAct): PlanDraft {
  switch (act.act) {
    case 'comment':
      return { ...draft, comment: act.text };
    case 'undo': {
      const steps = draft.past.at(-1);
      return steps ? { ...draft, steps, past: draft.past.slice(0, -1), under: null } : draft;
    }
    case 'move':
      return withSteps(draft, moved(draft.steps, act.from, act.to));
    case 'add':
      return withSteps(draft, draft.steps.toSpliced(act.at, 0, act.step));
    case 'remove':
      return withSteps(draft, without(draft.steps, act.id));
    case 'reset':
      return withSteps(draft, act.to.steps);
    case 'edit':
      return withSteps(
        draft,
        draft.steps.map((step) => (step.id === act.id ? { ...step, ...act.change } : step)),
        act.under,
      );
  }
}

function withSteps(draft: PlanDraft, steps: readonly PlanStep[], under: string | null = null): PlanDraft {
  if (isSamePlan(draft.steps, steps)) return draft;
  const isMore = under !== null && under === draft.under;
  const past = isMore ? draft.past : [...draft.past, draft.steps].slice(-mostPast);
  return { ...draft, steps, past, under };
}

/** Nothing depends on a step that is gone. */
function without(steps: readonly PlanStep[], id: string): PlanStep[] {
  return steps
    .filter((step) => step.id !== id)
    .map((step) =>
      step.dependsOn.includes(id)
        ? { ...step, dependsOn: step.dependsOn.filter((other) => other !== id) }
        : step,
    );
}

export function isSamePlan(a: readonly PlanStep[], b: readonly PlanStep[]): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** An empty step whose id no step has or had. */
export function newStep(known: Iterable<string>): PlanStep {
  const taken = new Set(known);
  let number = 1;
  while (taken.has(`added-${number}`)) number += 1;
  return {
    ...{ id: `added-${number}`, title: '', description: '', type: 'feat', size: 'small' },
    ...{ files: [], dependsOn: [], acceptance: [] },
  };
}

/** A line each, without those that say nothing. */
export function linesOf(text: string): string[] {
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
}
