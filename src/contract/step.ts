import { z } from 'zod';
import { givenAnswerSchema, questionSchema } from './question.ts';
import { runErrorSchema } from './run.ts';

/** One recorded act of a run: done once, its result kept. `sleep`, `signal` and `child` are waits. */
export const stepSchema = z.object({
  name: z.string(),
  /** 0 for the first step of this name in the run, 1 for the second. */
  ordinal: z.int(),
  /** Its place among all recorded steps of the run, from 0. */
  position: z.int(),
  kind: z.enum(['step', 'sleep', 'signal', 'child', 'compensation']),
  status: z.enum(['waiting', 'succeeded', 'failed']),
  output: z.unknown().nullable(),
  error: runErrorSchema.nullable(),
  attempts: z.int(),
  childId: z.uuid().nullable(),
  /** What a signal asks a person; answered by a signal of the step's name until `dueAt`. */
  question: questionSchema.nullable(),
  /** Null while nobody has answered, and when nobody did in time. */
  given: givenAnswerSchema.nullable(),
  dueAt: z.iso.datetime().nullable(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type Step = z.infer<typeof stepSchema>;
