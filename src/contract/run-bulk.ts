import { z } from 'zod';
import { runFilterSchema } from './run-filter.ts';
import { prioritySchema } from './run.ts';

const bulkActions = ['cancel', 'pause', 'resume', 'retry', 'discard', 'priority'] as const;

/** Runs that one bulk act can be about. */
export const mostInBulk = 200;

/** One act on several runs: on those named, or on the latest that a filter means. */
export const bulkRequestSchema = z
  .strictObject({
    action: z.enum(bulkActions),
    priority: prioritySchema.optional(),
    ids: z.array(z.string().max(100)).min(1).max(mostInBulk).optional(),
    filter: runFilterSchema.optional(),
  })
  .refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), {
    message: 'give either ids or a filter',
    path: ['ids'],
  })
  .refine(({ action, priority }) => (action === 'priority') === (priority !== undefined), {
    message: 'goes with the action "priority", and only with it',
    path: ['priority'],
  });
export type BulkRequest = z.input<typeof bulkRequestSchema>;

const bulkResultSchema = z.discriminatedUnion('outcome', [
  /** `runId` is the new run of a retry. */
  z.object({ outcome: z.literal('done'), id: z.string(), runId: z.uuid().optional() }),
  z.object({ outcome: z.literal('refused'), id: z.string(), code: z.string(), reason: z.string() }),
]);
export type BulkResult = z.infer<typeof bulkResultSchema>;

/** `more` is true when the filter means further runs, or may. */
export const bulkReplySchema = z.object({ results: z.array(bulkResultSchema), more: z.boolean() });
export type BulkReply = z.infer<typeof bulkReplySchema>;
