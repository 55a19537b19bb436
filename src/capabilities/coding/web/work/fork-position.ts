import type { Step } from '../../../../contract/step.ts';

/**
 * From where a fork does a try of a step again: the first recorded step of its writer. Undefined while there is none.
 * Without `attempt` it is the step's first.
 */
export function forkPosition(steps: readonly Step[], id: string, attempt = 1): number | undefined {
  const writer = `writer ${id}.${attempt}`;
  const found = steps.filter(({ name }) => name === writer || name.startsWith(`${writer}.`));
  return found.length === 0 ? undefined : Math.min(...found.map(({ position }) => position));
}
