import { z } from 'zod';
import { pageOf } from './problem.ts';
import { givenAnswerSchema, questionSchema } from './question.ts';

/** `question` waits for an answer; the others are for information. */
const inboxKinds = ['question', 'failed', 'dead', 'succeeded'] as const;
export const inboxKindSchema = z.enum(inboxKinds);
export type InboxKind = z.infer<typeof inboxKindSchema>;

export const inboxItemSchema = z.object({
  id: z.uuid(),
  kind: inboxKindSchema,
  /** The latest run, where several are one item. */
  runId: z.uuid(),
  capability: z.string(),
  title: z.string().describe('Of the run.'),
  headline: z.string().describe('What is asked, or why the run ended; may be empty.'),
  code: z.string().nullable().describe('Of the error.'),
  count: z.int().describe('How often it happened that day.'),
  signal: z.string().nullable().describe('Under which name a question is answered.'),
  ordinal: z.int().nullable().describe('Goes with the answer, so that it lands on no later question.'),
  role: z.enum(['admin', 'member']).nullable().describe('Set when it is for anyone of this role.'),
  createdAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  until: z.iso.datetime().nullable().describe('When the question expires.'),
  archivedAt: z.iso.datetime().nullable(),
  resolution: z.enum(['answered', 'expired', 'over']).nullable().describe('Null while a question waits.'),
  resolvedAt: z.iso.datetime().nullable(),
});
export type InboxItem = z.infer<typeof inboxItemSchema>;

export const inboxPageSchema = pageOf(inboxItemSchema);
export type InboxPage = z.infer<typeof inboxPageSchema>;

/** An item with all that the answer needs. */
export const inboxDetailSchema = z.object({
  item: inboxItemSchema,
  question: questionSchema.nullable(),
  given: givenAnswerSchema.nullable(),
});
export type InboxDetail = z.infer<typeof inboxDetailSchema>;

/** What waits for this person, cheap enough to be asked by every page. */
export const inboxCountSchema = z.object({ waiting: z.int() });
export type InboxCount = z.infer<typeof inboxCountSchema>;

export const inboxChangeSchema = z.strictObject({
  ids: z.array(z.uuid()).max(500).optional(),
  /** All that is for information, besides or in place of ids. */
  information: z.boolean().optional(),
});
