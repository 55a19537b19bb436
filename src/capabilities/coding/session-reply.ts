import { z, type ZodType } from 'zod';
import { queuedBecauseSchema } from '../../contract/queued-because.ts';
import { questionSchema } from '../../contract/question.ts';
import { runSchema } from '../../contract/run.ts';
import {
  branchStateSchema,
  codingInputSchema,
  codingOutputSchema,
  followUpStateSchema,
  goalStateSchema,
  planStateSchema,
  planStepSchema,
  pullStateSchema,
  stepStateSchema,
} from './schema.ts';
import type { SessionView } from './session-view.ts';
import { verificationSchema } from './verify/verification.ts';

/** A session as it was started: the run, with what went in and came out. */
export const sessionRunSchema = runSchema.extend({
  input: codingInputSchema,
  output: codingOutputSchema.nullable(),
});
export type SessionRun = z.infer<typeof sessionRunSchema>;

const phaseSchema = z.object({
  name: z.string(),
  message: z.string().nullable(),
  state: z.enum(['coming', 'active', 'done', 'failed', 'stopped']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  rounds: z.int().describe('How often it was begun: a step that is tried again comes back to it.'),
});

/** Something that the session asks a person, answered by `POST /sessions/:id/resume`. */
export const sessionQuestionSchema = z.object({
  name: z
    .string()
    .describe(
      'What is asked about: `goal`, `plan`, `step`, `checks`, `publish`, `trigger`, `follow-up`, or what an agent asks.',
    ),
  ordinal: z.int(),
  question: questionSchema,
  dueAt: z.iso.datetime().nullable(),
});
export type SessionQuestion = z.infer<typeof sessionQuestionSchema>;

/** A session with all that it stands at. */
export const sessionSchema = sessionRunSchema.extend({
  phases: z.array(phaseSchema),
  goal: goalStateSchema.nullable(),
  plan: planStateSchema.nullable(),
  steps: z.array(
    z.object({
      ...{ id: z.string(), title: z.string(), position: z.int() },
      planned: planStepSchema.nullable().describe('Null for a step that the plan no longer names.'),
      state: stepStateSchema.nullable().describe('Null until it is begun.'),
    }),
  ),
  branch: branchStateSchema.nullable(),
  pull: pullStateSchema.nullable(),
  baseline: verificationSchema.nullable().describe('What the checks said before the first change.'),
  followUp: followUpStateSchema.nullable(),
  queuedBecause: queuedBecauseSchema.nullable().describe('Why it waits for its turn; null when it does not.'),
  questions: z.array(sessionQuestionSchema).describe('What it waits for a person to answer.'),
});
export type Session = z.infer<typeof sessionSchema>;

/** Where a session stands, for a list of many. */
export const sessionStandingSchema = z.object({
  id: z.uuid(),
  phase: z.string().nullable(),
  message: z.string().nullable().describe('What it does in this phase.'),
  commits: z.int(),
  pull: pullStateSchema.nullable(),
});
export type SessionStanding = z.infer<typeof sessionStandingSchema>;

/** The fold within what the schemas promise: what a run of another version told in another shape is null. */
export function promised(
  view: SessionView,
): Pick<Session, 'goal' | 'plan' | 'steps' | 'branch' | 'pull' | 'baseline' | 'followUp'> {
  return {
    goal: fit(goalStateSchema, view.goal),
    plan: fit(planStateSchema, view.plan),
    steps: view.steps.map(({ planned, state, ...names }) => ({
      ...names,
      planned: fit(planStepSchema, planned),
      state: fit(stepStateSchema, state),
    })),
    branch: fit(branchStateSchema, view.branch),
    pull: fit(pullStateSchema, view.pull),
    baseline: fit(verificationSchema, view.baseline),
    followUp: fit(followUpStateSchema, view.followUp),
  };
}

function fit<Schema extends ZodType>(schema: Schema, value: unknown): z.infer<Schema> | null {
  return schema.safeParse(value).data ?? null;
}
