import { z } from 'zod';
import { agreeOnGoal } from '../../src/capabilities/coding/goal/agree-on-goal.ts';
import { agreeOnPlan } from '../../src/capabilities/coding/plan/agree-on-plan.ts';
import { codingInputSchema } from '../../src/capabilities/coding/schema.ts';
import { defineCapability } from '../../src/kernel/capability.ts';
import type { CreateStory } from './sessions.ts';

/** A session that ends when goal and plan are agreed on; its output is what the two came to. */
export const createAgreeing: CreateStory = ({ agents, artifacts, forgeTalk }) => ({
  capability: defineCapability({
    name: 'coding',
    input: codingInputSchema,
    output: z.looseObject({}),
    title: ({ goal }) => goal.slice(0, 100),
    run: async (ctx, input) => {
      const resources = { ...agents(), artifacts, forgeTalk };
      const session = { ctx, input, resources };
      try {
        const state = await ctx.step('resolve', (step) =>
          resources.workspaces.resolve(step, input.repository, 'trusted'),
        );
        const tests = { kind: 'tests', name: 'node --test', command: 'node --test', format: 'text' } as const;
        const checks = [{ ...tests, timeoutMs: 60_000, from: 'detected' as const }];
        const start = { state, config: { checks: {} }, checks, ciIncludes: [], branch: 'gantry/12345678' };
        const goal = await agreeOnGoal(session, start);
        if (goal.kind === 'rejected') return { goal };
        return { goal, plan: await agreeOnPlan(session, start, goal.spec) };
      } finally {
        await resources.workspaces.release(ctx.run.id);
      }
    },
  }),
});
