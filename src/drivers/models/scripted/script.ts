import { z } from 'zod';
import type { ErrorCode } from '../../../base/errors.ts';

const longestText = 16 * 1024 ** 2;

/** What a scripted model may fail with: the errors of the model port. */
const modelErrors = [
  'MODEL_KEY_REFUSED',
  'MODEL_UNKNOWN',
  'MODEL_RATE_LIMITED',
  'MODEL_UNAVAILABLE',
  'MODEL_TOO_LONG',
  'MODEL_REPLY_INVALID',
] as const satisfies readonly ErrorCode[];

const text = z.union(
  [
    z.string(),
    z
      .strictObject({ repeat: z.string().min(1), count: z.int().min(1) })
      .refine(({ repeat, count }) => repeat.length * count <= longestText, 'makes more than 16 MiB of text'),
  ],
  { error: 'must be a text, or {repeat: text, count: number}' },
);

const when = z.union(
  [z.string().min(1), z.strictObject({ matches: z.string().refine(isPattern, 'is no regular expression') })],
  { error: 'must be a text, or {matches: a regular expression}' },
);

const times = z.union([z.int().min(1), z.literal('forever')], {
  error: 'must be a number from 1, or forever',
});

const call = z.strictObject({
  tool: z.string().min(1),
  /** A text stands for what a model wrote that is no JSON. */
  input: z.json().default({}),
});

const speaks = z
  .strictObject({
    reasoning: text.optional(),
    text: text.optional(),
    json: z.json().optional(),
    calls: z.array(call).min(1).optional(),
    finish: z.enum(['stop', 'tool-calls', 'length', 'refused', 'other']).optional(),
    tokens: z
      .strictObject({
        input: z.int().min(0).optional(),
        output: z.int().min(0).optional(),
        cacheRead: z.int().min(0).default(0),
        cacheWrite: z.int().min(0).default(0),
      })
      .optional(),
    when: when.optional(),
    delayMs: z.int().min(0).max(3_600_000).default(0),
    repeat: times.default(1),
  })
  .refine((turn) => turn.text === undefined || turn.json === undefined, 'has both text and json; give one');

const fails = z.strictObject({
  error: z.enum(modelErrors, { error: `must be one of ${modelErrors.join(', ')}` }),
  message: z.string().optional(),
  times: times.default(1),
  retryAfterSeconds: z.number().min(0).optional(),
  delayMs: z.int().min(0).max(3_600_000).default(0),
});

const turns = z.array(z.unknown().transform(readTurn)).min(1);

/**
 * A file of turns: what the model says at each of its turns. An error comes before the turn that it stands before. Where
 * several agents work in a run, `agents` has the turns of each by its name, or by the first words of it.
 */
export const scriptSchema = z
  .strictObject({
    turns: turns.optional(),
    agents: z.record(z.string().min(1), z.strictObject({ turns })).optional(),
  })
  .refine(
    (script) => script.turns !== undefined || script.agents !== undefined,
    'needs turns, or agents with turns',
  );

export type Script = z.output<typeof scriptSchema>;
export type Turns = z.output<typeof turns>;
export type SpokenTurn = z.output<typeof speaks>;
export type FailedTurn = z.output<typeof fails>;
export type ScriptText = z.output<typeof text>;

/* A plain union would answer a misspelt field with the mistakes of both forms. */
function readTurn(value: unknown, context: z.RefinementCtx): SpokenTurn | FailedTurn {
  const form = typeof value === 'object' && value !== null && 'error' in value ? fails : speaks;
  const read = form.safeParse(value);
  if (read.success) return read.data;
  for (const { message, path } of read.error.issues) {
    context.addIssue({ code: 'custom', message, path: [...path] });
  }
  return z.NEVER;
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'u').source !== '';
  } catch {
    return false;
  }
}
