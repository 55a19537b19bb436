import { z } from 'zod';
import { runSchema, runSummarySchema } from './run.ts';

/** What keeps a queued run from being taken up. */
const turnLimits = [
  'intake',
  'again',
  'need',
  'repository',
  'capability',
  'user',
  'instance',
  'workers',
] as const;

/** Why a run that has waited for more than a second is still queued. */
export const queuedBecauseSchema = z.object({
  limit: z.enum(turnLimits),
  of: z.int().describe('How many may run at once; of `again`, which attempt comes next.'),
  name: z.string().describe('The repository, the capability, or what no worker has; else empty.'),
  text: z.string().describe('The same as a sentence.'),
});
export type QueuedBecause = z.infer<typeof queuedBecauseSchema>;

const shown = {
  queuedBecause: queuedBecauseSchema
    .nullable()
    .describe(
      'What the run waits for in the queue; null when it is not queued, or its turn comes any moment.',
    ),
};

/** A run as it is looked at by itself. */
export const shownRunSchema = runSchema.extend(shown);
export const shownSummarySchema = runSummarySchema.extend(shown);
export type ShownRun = z.infer<typeof shownRunSchema>;
export type ShownSummary = z.infer<typeof shownSummarySchema>;
