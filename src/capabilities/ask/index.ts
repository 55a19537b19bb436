import { defineCapability } from '../../kernel/capability.ts';
import type { CreateCapability } from '../capability-module.ts';
import { ask } from './ask.ts';
import { askRoutes } from './routes.ts';
import { askInputSchema, askOutputSchema } from './schema.ts';

const longestTitle = 160;

/** Answers questions about repositories, by an agent that looks around in a sandboxed workspace. */
export const createAsk: CreateCapability = ({ agents }) => ({
  capability: defineCapability({
    name: 'ask',
    input: askInputSchema,
    output: askOutputSchema,
    title: ({ question }) => question.split('\n', 1)[0]?.slice(0, longestTitle) ?? '',
    outcome: ({ notice }) => (notice === undefined ? null : 'stopped early'),
    repository: ({ repository }) => (repository.kind === 'connected' ? repository.name : null),
    accepts: async ({ repository, model, fallbacks = [] }) => {
      const { gateway, repositories } = agents();
      for (const each of [model ?? gateway.defaultModel(), ...fallbacks]) await gateway.info(each);
      if (repository.kind === 'connected') await repositories.get(repository.name);
    },
    run: (ctx, input) => ask(ctx, input, agents()),
  }),
  routes: askRoutes,
  prepare: async () => undefined,
  warmUp: async () => undefined,
});
