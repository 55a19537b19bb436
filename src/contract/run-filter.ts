import { z } from 'zod';
import { runStatusSchema, runSummarySchema, triggerSchema } from './run.ts';

/** What a list of runs can be filtered by, as it stands in an address, in the body of a bulk act, and in the page's URL. */
export const runFilterSchema = z.strictObject({
  capability: plain(100).optional(),
  status: z
    .string()
    .max(100)
    .transform((text) => text.split(','))
    .pipe(z.array(runStatusSchema))
    .optional()
    .describe('One or several, with commas between them.'),
  origin: z
    .enum(triggerSchema.options.map((option) => option.shape.kind.value))
    .optional()
    .describe('What kind of trigger started the run.'),
  by: plain(100).optional().describe('Id of the user who started it, or `me`.'),
  repository: plain(500).optional(),
  after: moment().optional().describe('Made then or later: a time, or a day in UTC.'),
  before: moment().optional().describe('Made earlier: a time, or a day in UTC.'),
  parent: z.uuid().optional().describe('Only runs that this run started.'),
  q: plain(200).optional().describe('Text in the title, or the beginning of an id (8 characters at least).'),
});
export type RunFilterInput = z.input<typeof runFilterSchema>;
export type AskedFilter = z.output<typeof runFilterSchema>;

/** A page of runs. One that isn't full although `next` is there has looked back to `searchedTo`; `next` goes on from there. */
export const runPageSchema = z.object({
  items: z.array(runSummarySchema),
  next: z.string().nullable(),
  searchedTo: z.iso.datetime().nullable(),
});

/** How many runs there are; `exact` is false when there are at least so many. */
const countSchema = z.object({ count: z.int(), exact: z.boolean() });
export type RunCount = z.infer<typeof countSchema>;

export const runCountsSchema = z.record(z.enum(['all', ...runStatusSchema.options]), countSchema);
export type RunCounts = z.infer<typeof runCountsSchema>;

function plain(longest: number) {
  return z
    .string()
    .max(longest)
    .refine((text) => !text.includes('\0'), 'must not hold NUL');
}

function moment() {
  return z.union([z.iso.datetime({ offset: true }), z.iso.date()]);
}
