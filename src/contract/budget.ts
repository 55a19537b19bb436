import { z } from 'zod';

/** Whose spending a budget bounds. `run` bounds each single run, and has no subject. */
export const budgetScopes = ['run', 'instance', 'user', 'repository'] as const;
export const budgetScopeSchema = z.enum(budgetScopes);
export type BudgetScope = (typeof budgetScopes)[number];

/** A budget per UTC day, or per run. Money in US dollars; null bounds nothing. */
export const budgetRuleSchema = z.object({
  scope: budgetScopeSchema,
  /** A user's id or a repository's name; empty for all of the scope that have no rule of their own. */
  subject: z.string().max(300),
  usd: z.number().positive().max(1_000_000).nullable(),
  tokens: z.int().positive().nullable(),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string().nullable(),
});
export type BudgetRule = z.infer<typeof budgetRuleSchema>;

/** Why a call was not made: the budget that it would have gone beyond. */
export const overBudgetSchema = z.object({
  scope: budgetScopeSchema,
  /** Of scope `run`: the run's id for its own budget, empty for the rule that bounds every run. */
  subject: z.string(),
  /** `wallMs` is the time that the run has worked, in milliseconds. */
  unit: z.enum(['usd', 'tokens', 'wallMs']),
  limit: z.number(),
  spent: z.number(),
  /** What the call may need at most; 0 of `wallMs`. */
  needs: z.number(),
});
export type OverBudget = z.infer<typeof overBudgetSchema>;

/** The kind of the subject of a question whether a run may go beyond a budget; its value is an `OverBudget`. */
export const budgetSubject = 'budget';
/** The answer to it that allows nothing: the budget is another by now. */
export const budgetChanged = 'changed';

/** Who can let a run go beyond this budget: whoever started it raises its own, admins all. */
export function mayAllow({ scope, subject }: Pick<OverBudget, 'scope' | 'subject'>): 'owner' | 'admin' {
  return scope === 'run' && subject !== '' ? 'owner' : 'admin';
}

/** What a rule is set to; at least one of both, null bounds nothing. */
export const budgetBoundsSchema = z
  .strictObject({
    scope: budgetScopeSchema,
    subject: z
      .string()
      .max(300)
      .default('')
      .describe('A user or a repository; empty for each of the scope that has no rule of its own.'),
    usd: z.number().positive().max(1_000_000).nullable().default(null).describe('US dollars.'),
    tokens: z.int().positive().max(Number.MAX_SAFE_INTEGER).nullable().default(null),
  })
  .refine(({ scope, subject }) => subject === '' || scope === 'user' || scope === 'repository', {
    path: ['subject'],
    message: 'goes with the scopes user and repository only',
  });
export type BudgetBounds = z.output<typeof budgetBoundsSchema>;

/** What has gone of a budget today (UTC), with what calls under way may still spend. */
export const budgetStateSchema = z.object({
  scope: z.enum(['instance', 'user', 'repository']),
  subject: z.string(),
  spentUsd: z.number(),
  spentTokens: z.number(),
  reservedUsd: z.number(),
  reservedTokens: z.number(),
  /** What bounds it: a rule of its own, or that for all; null for no bound. */
  usd: z.number().nullable(),
  tokens: z.number().nullable(),
});
export type BudgetState = z.infer<typeof budgetStateSchema>;

export const budgetStatesSchema = z.object({
  /** The day, in UTC, and when it ends. */
  day: z.iso.date(),
  endsAt: z.iso.datetime(),
  items: z.array(budgetStateSchema),
  /** What bounds each run; null when nothing does. */
  run: z.object({ usd: z.number().nullable(), tokens: z.number().nullable() }),
});
export type BudgetStates = z.infer<typeof budgetStatesSchema>;
