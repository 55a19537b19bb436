import { z } from 'zod';
import { runSummarySchema } from './run.ts';

/** What the live list of runs tells: a run as it is now, one that was deleted, or that the list is to be read again. */
export const runChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), run: runSummarySchema }),
  z.object({ kind: z.literal('gone'), runId: z.uuid() }),
  z.object({ kind: z.literal('reset') }),
]);
export type RunChange = z.infer<typeof runChangeSchema>;
