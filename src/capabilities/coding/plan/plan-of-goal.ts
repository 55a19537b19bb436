import { cutEnd } from '../../../base/cut.ts';
import type { GoalSpec, Plan } from '../schema.ts';
import { guessCommit } from './guess-type.ts';
import { tidyStep } from './tidy-step.ts';

const longestTitle = 72;
const mostAcceptance = 20;
const longestDescription = 8000;

/** The goal as the only step of a plan, where nobody has planned it; `goal` is as the user wrote it. */
export function planOfGoal(goal: string, spec: GoalSpec): Plan {
  const line = goal.split('\n').find((each) => each.trim() !== '') ?? spec.summary;
  const { title, ...commit } = guessCommit(line);
  const description = goal.trim() === spec.summary.trim() ? spec.summary : `${spec.summary}\n\n${goal}`;
  return {
    steps: [
      tidyStep({
        id: 'goal',
        title: cutEnd(title.replace(/[\s.]+$/, '') || 'Reach the goal', longestTitle),
        description: cutEnd(description, longestDescription),
        ...commit,
        files: [],
        dependsOn: [],
        acceptance: spec.acceptance.slice(0, mostAcceptance),
        size: 'medium',
      }),
    ],
  };
}
