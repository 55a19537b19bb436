import type { Ask } from '../../../contract/question.ts';
import type { PlanState, PlanStep } from '../schema.ts';
import { planDiff } from './plan-diff.ts';

const answers: Ask['answers'] = [
  { value: 'approve', label: 'Approve', tone: 'go', takesData: true },
  { value: 'modify', label: 'Request changes', tone: 'change', comment: 'required', takesData: true },
  { value: 'reject', label: 'Reject', tone: 'refuse', comment: 'optional' },
];

const whatFollows =
  'Approve it, edited or as it is, and the agent does the steps without further questions, unless one does not pass. Request changes, and it is planned again with your words and edits. Reject it, and the session ends; nothing has been changed.';

/** What a person is asked about the plan as it stands. `notes`: what they must know first, such as why it can't be worked on. */
export function planQuestion(state: PlanState, notes: readonly string[]): Ask {
  const [now, before] = state.iterations.toReversed();
  const steps = now?.steps ?? [];
  const number = (id: string) => steps.findIndex((step) => step.id === id) + 1;
  return {
    title: 'Review the plan',
    text: [...notes, whatFollows].join('\n\n'),
    facts: [
      { label: 'Steps', value: String(steps.length) },
      { label: 'Sizes', value: sizes(steps) },
      { label: 'Version', value: String(now?.iteration ?? 1) },
      ...(now && before ? [{ label: 'Since the last version', value: changes(before, now) }] : []),
    ],
    items: steps.map((step, index) => ({
      title: `${index + 1}. ${step.title}`,
      detail: detail(step, number),
      tag: { text: step.size },
    })),
    answers,
    subject: { kind: 'plan', value: state },
  };
}

function sizes(steps: readonly PlanStep[]): string {
  const counted = (['small', 'medium', 'large'] as const).flatMap((size) => {
    const count = steps.filter((step) => step.size === size).length;
    return count === 0 ? [] : [`${count} ${size}`];
  });
  return counted.join(', ');
}

function changes(before: { steps: PlanStep[] }, now: { steps: PlanStep[] }): string {
  const all = planDiff(before, now);
  const counted = (['new', 'changed', 'moved', 'removed'] as const).flatMap((change) => {
    const count = all.filter((each) => each.change === change).length;
    return count === 0 ? [] : [`${count} ${change}`];
  });
  return counted.join(', ') || 'nothing changed';
}

function detail({ description, acceptance, dependsOn }: PlanStep, number: (id: string) => number): string {
  const after = dependsOn.map((id) => number(id) || `"${id}"`).join(', ');
  return [description, ...acceptance.map((each) => `- ${each}`), ...(after === '' ? [] : [`After: ${after}`])]
    .filter(Boolean)
    .join('\n');
}
