import { cutEnd } from '../../../base/cut.ts';
import { goalSpecSchema, type GoalSpec } from '../schema.ts';

const longestSummary = goalSpecSchema.shape.summary.maxLength ?? 4000;

/** The goal as the user wrote it, where nobody has specified it. */
export function specOfGoal(goal: string): GoalSpec {
  const summary = cutEnd(goal, longestSummary);
  return { summary, acceptance: [], outOfScope: [], assumptions: [], risks: [] };
}
