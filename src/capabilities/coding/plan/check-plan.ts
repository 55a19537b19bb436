import { cutEnd } from '../../../base/cut.ts';
import type { Plan, PlanStep } from '../schema.ts';

const longestTitle = 60;

/**
 * What is wrong with a plan, each in a sentence for people and models alike; empty when it can be worked on from the first
 * step to the last.
 */
export function planProblems({ steps }: Plan): string[] {
  if (steps.length === 0) return ['The plan has no steps. Add at least one.'];
  const named = steps.flatMap((step, index) =>
    step.title.trim() === '' ? [`Step ${index + 1} has no title. Say what it does.`] : [],
  );
  const twice = idsTwice(steps);
  // Which step such an id means can't be told, so nothing more is said of what waits for what.
  return twice.length > 0 ? [...named, ...twice] : [...named, ...dependencyProblems(steps)];
}

function idsTwice(steps: readonly PlanStep[]): string[] {
  const places = new Map<string, number[]>();
  for (const [index, { id }] of steps.entries()) places.set(id, [...(places.get(id) ?? []), index + 1]);
  return [...places].flatMap(([id, at]) =>
    at.length < 2 ? [] : [`Steps ${listed(at.map(String))} have the same id "${id}". Give each its own.`],
  );
}

function dependencyProblems(steps: readonly PlanStep[]): string[] {
  const problems: string[] = [];
  const places = new Map(steps.map(({ id }, index) => [id, index]));
  const circle = firstCycle(steps);
  if (circle.length > 0) problems.push(circleProblem(steps, circle));
  for (const [index, step] of steps.entries()) {
    for (const id of new Set(step.dependsOn)) {
      const at = places.get(id);
      if (at === undefined)
        problems.push(`${shown(steps, index)} depends on "${id}", and no step has that id. Remove it.`);
      else if (at > index && !(circle.includes(step.id) && circle.includes(id)))
        problems.push(
          `${shown(steps, index)} depends on ${shown(steps, at, 'step')}, which comes later. Move it behind that one, or remove the dependency.`,
        );
    }
  }
  return problems;
}

function circleProblem(steps: readonly PlanStep[], circle: readonly string[]): string {
  const numbers = circle.map((id) => String(steps.findIndex((step) => step.id === id) + 1));
  if (circle.length === 1) return `Step ${numbers[0]} depends on itself. Remove that dependency.`;
  return `Steps ${listed(numbers)} wait for each other (${[...circle, circle[0]].join(' -> ')}). Remove one of these dependencies.`;
}

/** Ids of steps that depend on each other in a circle, each on the next one; empty when there is none. */
function firstCycle(steps: readonly PlanStep[]): string[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const done = new Set<string>();
  const trail: string[] = [];
  const walk = (id: string): string[] => {
    const at = trail.indexOf(id);
    if (at >= 0) return trail.slice(at);
    if (done.has(id)) return [];
    trail.push(id);
    for (const next of byId.get(id)?.dependsOn ?? []) {
      const found = walk(next);
      if (found.length > 0) return found;
    }
    trail.pop();
    done.add(id);
    return [];
  };
  for (const { id } of steps) {
    const found = walk(id);
    if (found.length > 0) return found;
  }
  return [];
}

function shown(steps: readonly PlanStep[], index: number, word = 'Step'): string {
  const title = cutEnd(steps[index]?.title.trim() ?? '', longestTitle);
  return title === '' ? `${word} ${index + 1}` : `${word} ${index + 1} ("${title}")`;
}

function listed(all: readonly string[]): string {
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
