import { z } from 'zod';
import { runStatusSchema } from '../../contract/run.ts';

/** Runs that one replay starts again at most. */
export const mostReplayed = 10_000;
/** More than this many are started only after somebody has said yes. */
export const asksAbove = 10;
/** Runs that a result names, of each kind. */
const mostNamed = 1000;

const finishedStatuses = ['succeeded', 'failed', 'cancelled', 'dead'] as const;
const plain = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((text) => !text.includes('\0'), 'must not hold NUL');
const moment = () => z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/** Which runs: those of `ids`, or all finished ones that the rest means. Runs that other runs started go with their parents. */
export const replayFilterSchema = z.strictObject({
  ids: z.array(z.uuid()).min(1).max(1000).optional(),
  capability: plain(100).optional(),
  status: z
    .array(z.enum(finishedStatuses))
    .min(1)
    .max(4)
    .optional()
    .describe('All that are finished, unless given.'),
  by: plain(100).optional().describe('Id of the user who started them.'),
  repository: plain(500).optional(),
  after: moment().optional().describe('Made then or later: a time, or a day in UTC.'),
  before: moment().optional().describe('Made earlier: a time, or a day in UTC.'),
  q: plain(200).optional().describe('Text in the title.'),
});
export type ReplayFilter = z.infer<typeof replayFilterSchema>;

export const replayInputSchema = z.strictObject({
  filter: replayFilterSchema,
  dryRun: z.boolean().default(false).describe('Say which runs it would be, and start none.'),
  ratePerMinute: z.int().min(1).max(6000).default(60).describe('Runs started per minute at most.'),
  atOnce: z
    .int()
    .min(1)
    .max(1000)
    .default(100)
    .describe('With `wait`: runs of it that are under way at once at most.'),
  wait: z.boolean().default(false).describe('End when the runs have ended, and count how.'),
  expected: z
    .int()
    .min(0)
    .max(mostReplayed)
    .optional()
    .describe(`As many as a dry run has said: so many are started without asking again.`),
});
export type ReplayInput = z.infer<typeof replayInputSchema>;

const chosenRunSchema = z.object({
  id: z.uuid(),
  title: z.string(),
  capability: z.string(),
  status: runStatusSchema,
  createdAt: z.iso.datetime(),
});
const refusalSchema = z.object({ runId: z.string(), code: z.string(), reason: z.string() });
export type Refusal = z.infer<typeof refusalSchema>;

export const replayOutputSchema = z.object({
  selected: z.int().describe('Runs that match.'),
  more: z.boolean().describe(`There are more than ${mostReplayed}; the latest were taken.`),
  byCapability: z.record(z.string(), z.int()),
  byStatus: z.record(z.string(), z.int()),
  sample: z.array(chosenRunSchema).describe('The first of them, in the order in which they start.'),
  dryRun: z.boolean(),
  stopped: z.boolean().describe('Somebody stopped it, or said no, before all were started.'),
  started: z.int(),
  skipped: z.int().describe('Not finished yet, so there is nothing to repeat.'),
  refused: z.int(),
  runs: z.array(z.object({ from: z.uuid(), to: z.uuid() })).max(mostNamed),
  refusals: z.array(refusalSchema).max(mostNamed),
  ended: z.record(z.string(), z.int()).nullable().describe('With `wait`: how many ended how.'),
});
export type ReplayOutput = z.infer<typeof replayOutputSchema>;

export const controlSchema = z.object({ act: z.enum(['pause', 'resume', 'stop']) });
export type ReplayAct = z.infer<typeof controlSchema>['act'];
