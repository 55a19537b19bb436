import { z } from 'zod';
import { route, type ApiRoute } from '../contract/api.ts';
import {
  budgetBoundsSchema,
  budgetRuleSchema,
  budgetScopeSchema,
  budgetStatesSchema,
  type BudgetRule,
} from '../contract/budget.ts';
import { seesAll, type Actor } from '../contract/user.ts';
import type { Budgets } from '../resources/gateway/budgets.ts';

const tag = 'budgets';
const kept = ['scope', 'subject', 'usd', 'tokens'];

/** What may be spent on models, and what was today. Admins set it; everyone sees what holds for themselves. */
export function budgetRoutes(budgets: Budgets): ApiRoute[] {
  return [
    route({
      method: 'GET',
      path: '/budgets',
      summary: 'List budgets',
      description: 'Admins and viewers see all, members those that hold for themselves and for every run.',
      tag,
      role: 'viewer',
      replies: { 200: z.object({ items: z.array(budgetRuleSchema) }) },
      handle: async ({ actor }) => {
        const items = await budgets.list();
        return { body: { items: items.filter((rule) => mayRead(actor, rule)) } };
      },
    }),
    route({
      method: 'GET',
      path: '/budgets/state',
      summary: 'Show what was spent today (UTC), and what is left',
      description: 'Admins and viewers see the instance, users and repositories; members see themselves.',
      tag,
      role: 'viewer',
      replies: { 200: budgetStatesSchema },
      handle: async ({ actor }) => ({
        body: await budgets.state(seesAll(actor) ? undefined : actor.userId),
      }),
    }),
    route({
      method: 'PUT',
      path: '/budgets',
      summary: 'Set a budget',
      description:
        'Of the instance, of a user or of a repository per UTC day, or of each single run. It holds from the next call of a model on.',
      tag,
      role: 'admin',
      audit: { keep: kept },
      body: budgetBoundsSchema,
      replies: { 200: budgetRuleSchema },
      handle: async ({ actor, body }) => ({ body: await budgets.put(body, actor.userId) }),
    }),
    route({
      method: 'DELETE',
      path: '/budgets',
      summary: 'Remove a budget',
      tag,
      role: 'admin',
      audit: { keep: kept },
      query: z.strictObject({ scope: budgetScopeSchema, subject: z.string().max(300).default('') }),
      replies: { 204: z.undefined() },
      handle: async ({ query }) => {
        await budgets.remove(query.scope, query.subject);
        return {};
      },
    }),
  ];
}

function mayRead(actor: Actor, { scope, subject }: BudgetRule): boolean {
  if (seesAll(actor) || scope === 'run') return true;
  return scope === 'user' && (subject === '' || subject === actor.userId);
}
