import { defineCapability } from '../../kernel/capability.ts';
import type { CreateCapability } from '../capability-module.ts';
import { replay } from './replay.ts';
import { replayRoutes } from './routes.ts';
import { replayInputSchema, replayOutputSchema, type ReplayInput } from './schema.ts';

export const replayCapability = defineCapability({
  name: 'replay',
  input: replayInputSchema,
  output: replayOutputSchema,
  title: titleOf,
  run: replay,
});

/** Starts finished runs again as new ones: all that a filter means, at a given rate. */
export const createReplay: CreateCapability = () => ({
  capability: replayCapability,
  routes: replayRoutes,
  prepare: async () => undefined,
  warmUp: async () => undefined,
});

function titleOf({ filter, dryRun }: ReplayInput): string {
  const { ids, capability, status, q } = filter;
  const which = ids
    ? `${ids.length} ${ids.length === 1 ? 'run' : 'runs'}`
    : [status?.join(' or '), capability, 'runs', q === undefined ? undefined : `with “${q}”`]
        .filter((word) => word !== undefined)
        .join(' ');
  return `${dryRun ? 'Dry run of a replay of' : 'Replay of'} ${which}`;
}
