import type { Plan, PlanStep } from '../schema.ts';

/**
 * The same steps, each behind those that it depends on, and otherwise in the order that they had. What waits in a circle
 * stays at the end as it was: `planProblems` names it.
 */
export function inOrder(plan: Plan): Plan {
  const left = [...plan.steps];
  const ids = new Set(left.map(({ id }) => id));
  const placed = new Set<string>();
  const steps: PlanStep[] = [];
  while (left.length > 0) {
    const at = left.findIndex(({ dependsOn }) => dependsOn.every((id) => placed.has(id) || !ids.has(id)));
    if (at < 0) break;
    for (const step of left.splice(at, 1)) {
      placed.add(step.id);
      steps.push(step);
    }
  }
  return { ...plan, steps: [...steps, ...left] };
}
