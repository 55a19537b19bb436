import { z } from 'zod';
import { handOver } from './hand-over.ts';

/** What the writing agent says of what it did. */
export const doneSchema = z.object({
  summary: z
    .string()
    .min(1)
    .max(4000)
    .describe('What you changed and why, in plain sentences for the body of the commit. No headings.'),
  open: z
    .string()
    .max(2000)
    .default('')
    .describe('What you could not do, or what a reviewer should look at.'),
});

/** How the writing agent ends its step: by the tool, or by words. */
export const doneOutput = handOver({
  name: 'done',
  description: 'Say that the step is done, when its acceptance holds; this ends your work on it.',
  schema: doneSchema,
  title: () => 'done',
  ofWords: (text) => ({ summary: text.slice(0, 4000).toWellFormed() }),
});
