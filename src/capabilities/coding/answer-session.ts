import { z } from 'zod';
import { GantryError } from '../../base/errors.ts';
import { longestComment } from '../../contract/answer-rules.ts';
import { route, type ApiRoute } from '../../contract/api.ts';
import { givenAnswerSchema, type Question } from '../../contract/question.ts';
import type { RunSummary } from '../../contract/run.ts';
import { isTerminal } from '../../contract/run-status.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { planProblems } from './plan/check-plan.ts';
import { openQuestions, readableSession } from './read-session.ts';
import { planSchema, type Plan } from './schema.ts';
import type { SessionQuestion } from './session-reply.ts';
import { sessionParams } from './show-session.ts';

const answerSchema = z.strictObject({
  decision: z
    .string()
    .min(1)
    .max(60)
    .describe(
      'Goal: accept, refine, reject. Plan: approve, modify, reject. A step that fails: retry, accept, skip, stop.',
    ),
  feedback: z.string().max(longestComment).optional().describe('What should be different, in your words.'),
  plan: planSchema.optional().describe('The plan as you have edited it, with approve or modify.'),
  question: z
    .string()
    .max(200)
    .optional()
    .describe('Which question it answers, where several wait: its `name`.'),
});

/** `POST /sessions/:id/resume`: a person's word on what the session asks. */
export function resumeRoute(kernel: Kernel): ApiRoute {
  return route({
    method: 'POST',
    path: '/sessions/:id/resume',
    summary: 'Answer what a session asks',
    description:
      'The same answer as in the inbox, as a decision. A plan that is not sound is refused with all that is wrong with it ' +
      '(400), and the session waits on. What it does not ask at present is a CONFLICT that says what it does ask.',
    tag: 'sessions',
    role: 'member',
    audit: { keep: ['decision', 'question'] },
    params: sessionParams,
    body: answerSchema,
    replies: {
      200: z.object({
        name: z.string(),
        ordinal: z.int(),
        given: givenAnswerSchema.omit({ by: true, byName: true }),
      }),
    },
    handle: async ({ actor, params: { id }, body, idempotencyKey }) => {
      const run = await readableSession(kernel, id, actor);
      const { decision, feedback = '', plan } = body;
      const asked = questionMeant(run, await openQuestions(kernel, run.id), body);
      if (plan) checkPlan(plan);
      const payload = {
        ...{ answer: decision, comment: feedback, ordinal: asked.ordinal },
        ...(plan && { data: plan }),
      };
      const onlyAnswers = run.userId !== actor.userId && actor.role !== 'admin';
      const as = { role: actor.role, onlyAnswers };
      await kernel.signal(run.id, asked.name, payload, actor.userId, idempotencyKey, as);
      const { title, answers } = asked.question;
      const label = answers.find(({ value }) => value === decision)?.label ?? decision;
      const given = {
        question: title,
        value: decision,
        label,
        comment: feedback,
        ...(plan && { data: plan }),
      };
      return { body: { name: asked.name, ordinal: asked.ordinal, given } };
    },
  });
}

function questionMeant(
  run: RunSummary,
  open: readonly SessionQuestion[],
  { decision, question }: Pick<z.infer<typeof answerSchema>, 'decision' | 'question'>,
): SessionQuestion {
  const named = question === undefined ? open : open.filter(({ name }) => name === question);
  const fitting = named.filter((each) => takes(each.question, decision));
  const [first, second] = fitting;
  if (first && second) {
    const names = fitting.map(({ name }) => `"${name}"`).join(', ');
    const message = `Several questions take "${decision}". Say with \`question\` which one is meant: ${names}.`;
    throw new GantryError('CONFLICT', message);
  }
  if (first) return first;
  throw new GantryError('CONFLICT', unfit(run, open, decision, question));
}

function takes({ answers }: Question, decision: string): boolean {
  return answers.some(({ value }) => value === decision);
}

function unfit(
  run: RunSummary,
  open: readonly SessionQuestion[],
  decision: string,
  question: string | undefined,
): string {
  if (isTerminal(run.status)) return `The session is over (${run.status}) and asks nothing any more.`;
  if (open.length === 0)
    return `The session asks nothing at present: it is ${run.status}. Follow it with \`gantry session show ${run.id}\`.`;
  const what = question === undefined ? `"${decision}"` : `"${decision}" as an answer to "${question}"`;
  const asks = open.map(
    ({ name, question: { title, answers } }) =>
      `"${title}" (${name}), which takes ${answers.map(({ value }) => value).join(', ')}`,
  );
  return `The session does not ask for ${what}. It asks ${asks.join('; and ')}.`;
}

/** INPUT_INVALID with every problem of the plan. */
function checkPlan(plan: Plan): void {
  const problems = planProblems(plan).map((message) => ({ path: 'plan', message }));
  if (problems.length === 0) return;
  const more = problems.length === 1 ? '' : ` It has ${problems.length - 1} more.`;
  throw new GantryError(
    'INPUT_INVALID',
    `The plan can't be worked on. ${problems[0]?.message ?? ''}${more}`,
    {
      problems,
    },
  );
}
