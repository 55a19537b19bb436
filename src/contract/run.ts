import { z } from 'zod';
import { priorities } from './priority.ts';
import { asksSchema } from './question.ts';
import { runStatuses } from './run-status.ts';

export const runStatusSchema = z.enum(runStatuses);
export type { RunStatus } from './run-status.ts';

export const prioritySchema = z.enum(priorities);
export type { Priority } from './priority.ts';

export const triggerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), userId: z.string() }),
  z.object({ kind: z.literal('key'), userId: z.string(), keyId: z.string() }),
  z.object({ kind: z.literal('webhook'), deliveryId: z.string() }),
  z.object({ kind: z.literal('schedule'), scheduleId: z.string() }),
  z.object({ kind: z.literal('run'), runId: z.string() }),
  z.object({ kind: z.literal('system') }),
]);
export type Trigger = z.infer<typeof triggerSchema>;

export const runErrorSchema = z.object({ code: z.string(), message: z.string() });
export type RunError = z.infer<typeof runErrorSchema>;

/** What a run has used so far; each capability fills in what it knows. */
export const usageSchema = z.object({
  wallMs: z.number().optional(),
  cpuMs: z.number().optional(),
  peakMemoryBytes: z.number().optional(),
  tokens: z.number().optional(),
  usd: z.number().optional(),
});
export type Usage = z.infer<typeof usageSchema>;

/** What a run may use; it pauses and asks before it goes beyond. */
export const budgetSchema = z.strictObject({
  usd: z.number().positive().optional(),
  tokens: z.int().positive().optional(),
  wallMs: z.int().positive().optional(),
});
export type Budget = z.infer<typeof budgetSchema>;

/** What to set of a run's budget: null takes a bound away, what isn't named stays. */
export const budgetChangeSchema = z
  .strictObject({
    usd: z.number().positive().max(1_000_000).nullable().optional().describe('US dollars.'),
    tokens: z.int().positive().nullable().optional(),
    wallMs: z.int().positive().nullable().optional().describe('Time that it works, in milliseconds.'),
  })
  .refine((bounds) => Object.keys(bounds).length > 0, 'name at least one bound');
export type BudgetChange = z.infer<typeof budgetChangeSchema>;

export const runSchema = z.object({
  id: z.uuid(),
  capability: z.string(),
  title: z.string(),
  status: runStatusSchema,
  priority: prioritySchema,
  input: z.unknown(),
  output: z.unknown().nullable(),
  error: runErrorSchema.nullable(),
  budget: budgetSchema.nullable(),
  usage: usageSchema,
  outcome: z
    .string()
    .nullable()
    .describe('What came of it in a few words where the status does not say it, such as `exit 2`.'),
  userId: z.string().nullable(),
  repository: z.string().nullable(),
  trigger: triggerSchema,
  parentId: z.uuid().nullable(),
  origin: z.object({ kind: z.enum(['retry', 'fork']), runId: z.uuid() }).nullable(),
  waitingFor: z.string().nullable(),
  /** The person that the run waits for; null while it waits for a timer, a child, or not at all. */
  asks: asksSchema.nullable(),
  paused: z
    .object({ at: z.iso.datetime(), by: z.string().nullable() })
    .nullable()
    .describe(
      'Who paused it: it begins no new step until it is resumed. While it is `running` it is about to rest.',
    ),
  attempt: z.int(),
  worker: z.string().nullable(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
});
export type Run = z.infer<typeof runSchema>;

/** A run in a list: without what goes in and comes out, which can be megabytes each. */
export const runSummarySchema = runSchema.omit({ input: true, output: true });
export type RunSummary = z.infer<typeof runSummarySchema>;
