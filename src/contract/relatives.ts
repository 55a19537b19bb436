import { z } from 'zod';
import { runSummarySchema } from './run.ts';

/** Runs that a run is tied to, as far as the asker may see them. */
export const relativesSchema = z.object({
  parent: runSummarySchema.nullable().describe('The run that started it.'),
  origin: runSummarySchema.nullable().describe('The run that it retries or forks.'),
  again: z.array(runSummarySchema).describe('The latest runs that retry or fork it.'),
  children: z.array(runSummarySchema).describe('The latest runs that it started.'),
  moreChildren: z.boolean(),
});
export type Relatives = z.infer<typeof relativesSchema>;
