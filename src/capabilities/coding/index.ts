import { defineCapability } from '../../kernel/capability.ts';
import type { CreateCapability } from '../capability-module.ts';
import { hearPull } from './follow/hear-pull.ts';
import { measureSession } from './measure-session.ts';
import { sessionRoutes } from './routes.ts';
import { codingInputSchema, codingOutputSchema } from './schema.ts';
import { session } from './session.ts';
import { hearIssue } from './trigger/hear-issue.ts';

const longestTitle = 160;

/** Works on a repository from a goal to a verified pull request. */
export const createCoding: CreateCapability = ({ agents, artifacts, forgeTalk, logger }) => ({
  capability: defineCapability({
    name: 'coding',
    input: codingInputSchema,
    output: codingOutputSchema,
    title: ({ goal }) => goal.split('\n', 1)[0]?.slice(0, longestTitle) ?? '',
    outcome: ({ outcome }) => outcomeWords[outcome],
    repository: ({ repository }) => (repository.kind === 'connected' ? repository.name : null),
    accepts: async ({ repository, model, fallbacks = [] }) => {
      const { gateway, repositories } = agents();
      for (const each of [model ?? gateway.defaultModel(), ...fallbacks]) await gateway.info(each);
      if (repository.kind === 'connected') await repositories.get(repository.name);
    },
    run: (ctx, input) => session({ ctx, input, resources: { ...agents(), artifacts, forgeTalk } }),
  }),
  routes: (kernel) => sessionRoutes(kernel, { artifacts, repositories: () => agents().repositories }),
  ended: measureSession,
  hears: async (heard, kernel) => {
    const { repositories } = agents();
    await hearIssue(heard, { kernel, repositories, words: forgeTalk, logger });
    await hearPull(heard, kernel);
  },
  prepare: async () => undefined,
  warmUp: async () => undefined,
});

const outcomeWords = {
  opened: 'pull request opened',
  pushed: 'branch pushed',
  committed: 'commits kept',
  unchanged: 'nothing to change',
  rejected: 'rejected',
  stopped: 'stopped',
  'followed-up': 'followed up',
} as const;
