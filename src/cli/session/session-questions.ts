import { GantryError } from '../../base/errors.ts';
import { inert, inertLines } from '../../base/inert.ts';
import { readPlanState } from '../../capabilities/coding/read-state.ts';
import type { GoalSpec, Plan } from '../../capabilities/coding/schema.ts';
import { latestPlan } from '../../capabilities/coding/session-view.ts';
import type { Question } from '../../contract/question.ts';
import type { Step } from '../../contract/step.ts';
import type { InlineAnswer, Prompt } from '../inline-question.ts';
import { planAct, planHelp, planText } from './plan-commands.ts';
import { editPlan } from './plan-editor.ts';

/** How a session's own questions are asked on a terminal; others are asked as any run's. */
export function askOfSession(question: Question, prompt: Prompt): Promise<InlineAnswer> | undefined {
  const { kind, value } = question.subject ?? {};
  const plan = kind === 'plan' ? latestPlan(readPlanState(value) ?? null) : null;
  return plan ? askPlan(question, { steps: plan.steps }, prompt) : undefined;
}

/** How a question is answered from a script. */
export function answeredElsewhere(runId: string, { question }: Step): string {
  const values = question?.answers.map(({ value }) => value).join('|') ?? '';
  return `Answer it in the inbox, or with \`gantry session resume ${runId} ${values}\`.`;
}

export function goalText({ summary, ...lists }: GoalSpec): string {
  const list = (title: string, all: readonly string[]) =>
    all.length === 0 ? [] : ['', title, ...all.map((each) => `  - ${each}`)];
  return [
    '',
    summary,
    ...list('It is done when', lists.acceptance),
    ...list('Not part of it', lists.outOfScope),
    ...list('Assumed', lists.assumptions),
    ...list('Risks', lists.risks),
  ].join('\n');
}

async function askPlan(
  { title, text, answers }: Question,
  proposed: Plan,
  prompt: Prompt,
): Promise<InlineAnswer> {
  const versions: Plan[] = [proposed];
  const now = () => versions.at(-1) ?? proposed;
  const show = () => prompt.say(inertLines(planText(now())));
  prompt.say(`\n${inert(title)}${text === '' ? '' : `\n${inertLines(text)}`}`);
  show();
  prompt.say(planHelp);
  for (;;) {
    const act = planAct(now(), await prompt.line('plan> '));
    if (act.kind === 'answer') {
      const { answer } = act;
      const takesWords = answers.some(({ value, comment }) => value === answer && comment !== 'none');
      const comment = takesWords ? act.comment : '';
      const isChanged = versions.length > 1 && answer !== 'reject';
      return { answer, comment, ...(isChanged && { data: now() }) };
    }
    if (act.kind === 'told') prompt.say(inertLines(act.told));
    else if (act.kind === 'changed') {
      versions.push(act.plan);
      prompt.say(inertLines(act.told));
      show();
    } else if (act.kind === 'undo') {
      if (versions.length > 1) versions.pop();
      show();
    } else {
      const edited = await inEditor(now(), prompt);
      if (edited) versions.push(edited);
      show();
    }
  }
}

async function inEditor(plan: Plan, prompt: Prompt): Promise<Plan | undefined> {
  try {
    return await prompt.aside(() => editPlan(plan));
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    prompt.say(inertLines(error.message));
    return undefined;
  }
}
