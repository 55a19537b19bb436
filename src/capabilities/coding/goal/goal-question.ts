import type { Ask } from '../../../contract/question.ts';
import type { GoalState } from '../schema.ts';
import { mostRounds, type Debated } from './debate.ts';
import type { Judgement } from './speakers.ts';
import { list, restWords } from './words.ts';

const answers: Ask['answers'] = [
  { value: 'accept', label: 'Accept', tone: 'go' },
  { value: 'refine', label: 'Refine', tone: 'change', comment: 'required' },
  { value: 'reject', label: 'Reject', tone: 'refuse', comment: 'optional' },
];

const whatFollows =
  'Accept it, and the agent plans the work. Refine it in your own words, and it is specified and debated again, as often as you like. Reject it, and the session ends; nothing has been changed.';

/** What a person is asked about the goal as it stands. */
export function goalQuestion(state: GoalState, { judgement, rounds, notices }: Debated): Ask {
  const now = state.iterations.at(-1);
  const spec = now?.spec;
  const summary = spec ? [spec.summary, restWords(spec)] : [];
  return {
    title: 'Review the goal',
    text: [judgementText(judgement, rounds.length), ...notices, ...summary, whatFollows]
      .filter(Boolean)
      .join('\n\n'),
    facts: [
      { label: 'Judge', value: judgement ? verdicts[judgement.verdict] : 'no verdict' },
      { label: 'Rounds', value: `${rounds.length} of at most ${mostRounds}` },
      { label: 'Version', value: String(now?.iteration ?? 1) },
    ],
    items: (spec?.acceptance ?? []).map((title) => ({ title })),
    answers,
    // What pages show in their own form says nothing of the notices.
    subject: { kind: 'goal', value: { ...state, notices: [...notices] } },
  };
}

const verdicts: Readonly<Record<Judgement['verdict'], string>> = {
  ready: 'ready',
  revise: 'wants changes',
  infeasible: 'not feasible',
};

function judgementText(judgement: Judgement | null, rounds: number): string {
  if (judgement === null) return 'The judge came to no verdict. Read the proposal with care.';
  const { verdict, reason, instructions } = judgement;
  switch (verdict) {
    case 'ready':
      return `The judge finds the goal ready. ${reason}`;
    case 'infeasible':
      return `The judge finds that the goal can't be reached in this repository. ${reason} You can accept it all the same.`;
    case 'revise':
      return [
        `After ${rounds} ${rounds === 1 ? 'round' : 'rounds'} the judge still wants changes. ${reason}`,
        list('What the judge wants changed', instructions),
      ]
        .filter(Boolean)
        .join('\n\n');
  }
}
