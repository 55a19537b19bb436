import { planProblems } from '../../capabilities/coding/plan/check-plan.ts';
import type { Plan, PlanStep } from '../../capabilities/coding/schema.ts';

/** What came of one line that was typed about a plan. */
export type PlanAct =
  | { readonly kind: 'changed'; readonly plan: Plan; readonly told: string }
  /** To be sent: with the plan when it was changed. */
  | { readonly kind: 'answer'; readonly answer: 'approve' | 'modify' | 'reject'; readonly comment: string }
  | { readonly kind: 'edit' }
  | { readonly kind: 'undo' }
  | { readonly kind: 'told'; readonly told: string };

export const planHelp = [
  '  approve            go on with the plan as it stands here',
  '  change WHAT        let the agent plan again, with your words',
  '  reject             end the session',
  '  show 2             all that step 2 says',
  '  move 3 1           put step 3 at place 1',
  '  drop 2             leave step 2 out',
  '  title 2 WORDS      call step 2 otherwise',
  '  add WORDS          a further step',
  '  edit               change it as JSON in your editor',
  '  undo               take the last change back',
].join('\n');

const acts: Readonly<Record<string, (plan: Plan, rest: string) => PlanAct>> = {
  approve: (plan) => {
    const problems = planProblems(plan);
    if (problems.length > 0) return told(`The plan can't be worked on yet.\n  ${problems.join('\n  ')}`);
    return { kind: 'answer', answer: 'approve', comment: '' };
  },
  change: (_plan, rest) =>
    rest === ''
      ? told('Say what is to change, as in: change split step 2')
      : { kind: 'answer', answer: 'modify', comment: rest },
  reject: (_plan, rest) => ({ kind: 'answer', answer: 'reject', comment: rest }),
  show: (plan, rest) => withStep(plan, rest, (step) => told(stepText(step))),
  move: move,
  drop: (plan, rest) =>
    withStep(plan, rest, ({ id, title }) => {
      const steps = plan.steps
        .filter((step) => step.id !== id)
        .map((step) => ({ ...step, dependsOn: step.dependsOn.filter((each) => each !== id) }));
      if (steps.length === 0) return told('A plan needs a step. Reject it to end the session.');
      return { kind: 'changed', plan: { steps }, told: `Left out: ${title}` };
    }),
  title: (plan, rest) => {
    const [number = '', ...words] = rest.split(/\s+/);
    const title = words.join(' ');
    if (title === '') return told('Say which step and how to call it, as in: title 2 Round each total');
    return withStep(plan, number, (step) => {
      const steps = plan.steps.map((each) => (each.id === step.id ? { ...each, title } : each));
      return { kind: 'changed', plan: { steps }, told: `Step ${number} is now: ${title}` };
    });
  },
  add: (plan, rest) => {
    if (rest === '') return told('Say what the step does, as in: add Document the rounding');
    const ids = new Set(plan.steps.map(({ id }) => id));
    let number = plan.steps.length + 1;
    while (ids.has(`s${number}`)) number += 1;
    const step: PlanStep = {
      ...{ id: `s${number}`, title: rest, description: '', type: 'feat', files: [], dependsOn: [] },
      ...{ acceptance: [], size: 'small' },
    };
    return { kind: 'changed', plan: { steps: [...plan.steps, step] }, told: `Added: ${rest}` };
  },
  edit: () => ({ kind: 'edit' }),
  undo: () => ({ kind: 'undo' }),
  help: () => told(planHelp),
};

/** Reads one line that somebody typed about the plan. Nothing of it is lost by a line that makes no sense. */
export function planAct(plan: Plan, line: string): PlanAct {
  const [word = '', ...rest] = line.trim().split(/\s+/);
  const wanted = word.toLowerCase();
  const names = wanted === '' ? [] : Object.keys(acts).filter((name) => name.startsWith(wanted));
  const act =
    names.length === 1 || names.includes(wanted)
      ? acts[names.includes(wanted) ? wanted : (names[0] ?? '')]
      : undefined;
  return act ? act(plan, rest.join(' ')) : told(`"${word}" is no command here.\n${planHelp}`);
}

function move(plan: Plan, rest: string): PlanAct {
  const [from = '', to = ''] = rest.split(/\s+/);
  const place = Number(to);
  if (!Number.isInteger(place) || place < 1 || place > plan.steps.length)
    return told(`Say which step and to which place from 1 to ${plan.steps.length}, as in: move 3 1`);
  return withStep(plan, from, (step) => {
    const steps = plan.steps.filter(({ id }) => id !== step.id);
    steps.splice(place - 1, 0, step);
    const problems = planProblems({ steps });
    const but = problems.length === 0 ? '' : `\n  ${problems.join('\n  ')}`;
    return { kind: 'changed', plan: { steps }, told: `Moved: ${step.title}${but}` };
  });
}

function withStep(plan: Plan, number: string, then: (step: PlanStep) => PlanAct): PlanAct {
  const step = plan.steps[Number(number) - 1];
  return step
    ? then(step)
    : told(`There is no step ${number || 'without a number'}; they go from 1 to ${plan.steps.length}.`);
}

function told(text: string): PlanAct {
  return { kind: 'told', told: text };
}

/** The plan as a numbered list, with what each step waits for. */
export function planText({ steps }: Plan): string {
  const places = new Map(steps.map(({ id }, index) => [id, index + 1]));
  return steps
    .map(({ title, size, dependsOn }, index) => {
      const after = dependsOn.map((id) => places.get(id) ?? `"${id}"`);
      return `  ${index + 1}. ${title} (${size}${after.length === 0 ? '' : `, after ${after.join(' and ')}`})`;
    })
    .join('\n');
}

function stepText({ title, description, type, scope, files, acceptance }: PlanStep): string {
  return [
    `  ${title}`,
    `  ${type}${scope === undefined || scope === '' ? '' : `(${scope})`}`,
    ...(description === '' ? [] : description.split('\n').map((line) => `  ${line}`)),
    ...(files.length === 0 ? [] : [`  Files: ${files.join(', ')}`]),
    ...acceptance.map((each) => `  - ${each}`),
  ].join('\n');
}
