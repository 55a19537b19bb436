import { z } from 'zod';
import { longestComment } from './answer-rules.ts';

/** Tones of an answer: goes on, sends back for changes, or refuses. They decide colour, place and key, nothing else. */
const tones = ['go', 'change', 'refuse'] as const;

/** Whether an answer takes a comment. */
const commentRules = ['none', 'optional', 'required'] as const;

/** One way to answer. `value` is what the story gets, `label` what the button says. */
const answerSchema = z.strictObject({
  value: z.string().regex(/^[\w.:-]{1,60}$/),
  label: z.string().min(1).max(80),
  tone: z.enum(tones),
  comment: z.enum(commentRules).default('none'),
  /** The answer may bring a value of its own, such as a plan as it was edited; the story checks it. */
  takesData: z.boolean().optional(),
});
export type Answer = z.infer<typeof answerSchema>;

/** One person, by id, or anyone of a role. `name` is the person's name when the question was asked. */
export const askedSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('user'), userId: z.string(), name: z.string().nullable() }),
  z.strictObject({ kind: z.literal('role'), role: z.enum(['admin', 'member']) }),
]);
export type Asked = z.infer<typeof askedSchema>;

const factSchema = z.strictObject({ label: z.string().max(200), value: z.string().max(2000) });

const itemSchema = z.strictObject({
  title: z.string().max(500),
  detail: z.string().max(2000).optional(),
  tag: z
    .strictObject({ text: z.string().max(40), colour: z.enum(['idle', 'live', 'ok', 'bad']).default('idle') })
    .optional(),
});

/** What everything that is shown of a question may hold. All texts are plain text. */
const shown = {
  /** Ask with the verb: "Review the plan". */
  title: z.string().min(1).max(200),
  /** What it means, and what happens with each answer. */
  text: z.string().max(10_000).default(''),
  /** What the decision needs at a glance: estimate, budget left. */
  facts: z.array(factSchema).max(30).default([]),
  /** What is decided on, in order: steps of a plan, findings. */
  items: z.array(itemSchema).max(200).default([]),
  answers: z
    .array(answerSchema)
    .min(1)
    .max(6)
    .refine((all) => new Set(all.map((each) => each.value)).size === all.length, 'values must differ'),
  /** What it is about, for who knows its kind: `value` is as the capability defines it. */
  subject: z.strictObject({ kind: z.string().max(60), value: z.json() }).optional(),
  /** What happens when nobody answers in time, as a sentence; the time is the wait's own. */
  onExpiry: z.string().max(500).optional(),
};

/** What a story asks with `ctx.ask`. Without `who` the owner of the run is asked, or the admins when it has none. */
export const askSchema = z.strictObject({
  ...shown,
  who: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('user'), userId: z.string() }),
      z.strictObject({ kind: z.literal('role'), role: z.enum(['admin', 'member']) }),
    ])
    .optional(),
});
export type Ask = z.input<typeof askSchema>;

/** A question as it is stored with the wait and shown to people. The wait's `dueAt` says until when it can be answered. */
export const questionSchema = z.strictObject({ ...shown, who: askedSchema });
export type Question = z.infer<typeof questionSchema>;

/** What a list shows of a run that waits for a person; `signal` is the name to answer under. */
export const asksSchema = z.object({
  title: z.string(),
  signal: z.string(),
  since: z.iso.datetime(),
  until: z.iso.datetime().nullable(),
  who: askedSchema,
});
export type Asks = z.infer<typeof asksSchema>;

/** What a story gets as the answer: the schema to give `ctx.signal` together with `ask`. */
export const answerPayloadSchema = z.object({
  answer: z.string(),
  comment: z.string().max(longestComment).default(''),
  data: z.json().optional(),
});
export type AnswerPayload = z.infer<typeof answerPayloadSchema>;

/**
 * What is sent as a signal's payload to answer. `ordinal` is that of the step that asks: an answer that names it never
 * lands on a later question of the same name.
 */
export const answerMessageSchema = answerPayloadSchema.extend({ ordinal: z.int().min(0).optional() });
export type AnswerMessage = z.input<typeof answerMessageSchema>;

/** Who answered what, in a step and in the event `signal.received`. */
export const givenAnswerSchema = z.object({
  question: z.string(),
  value: z.string(),
  label: z.string(),
  comment: z.string(),
  data: z.json().optional(),
  by: z.string().nullable(),
  byName: z.string().nullable(),
});
export type GivenAnswer = z.infer<typeof givenAnswerSchema>;
