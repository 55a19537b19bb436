import { GantryError } from '../base/errors.ts';
import type { AgentResources } from '../capabilities/capability-module.ts';

/** What agents work with, for capabilities that are made before it is there. */
export interface LateAgents {
  /** INTERNAL before it was set. */
  readonly get: () => AgentResources;
  set(resources: AgentResources): void;
}

export function lateAgents(): LateAgents {
  let there: AgentResources | undefined;
  return {
    get: () => {
      if (there) return there;
      throw new GantryError('INTERNAL', 'Agents were asked for before the start was over. Try again.');
    },
    set: (resources) => {
      there = resources;
    },
  };
}
