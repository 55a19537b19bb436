import type { Answer, Question } from '../../contract/question.ts';

const order = { go: 0, change: 1, refuse: 2 } as const;

/** Answers as the buttons stand: what goes on first, what refuses last. */
export function inOrder(answers: readonly Answer[]): Answer[] {
  return answers.toSorted((a, b) => order[a.tone] - order[b.tone]);
}

/** What keeps an answer from being sent; null when nothing does. */
export function obstacle(answer: Answer, comment: string): 'needsComment' | 'takesNone' | null {
  const empty = comment.trim() === '';
  if (answer.comment === 'required' && empty) return 'needsComment';
  return answer.comment === 'none' && !empty ? 'takesNone' : null;
}

/** Which answers need a comment, and which take one while others don't. */
export function commentRules(question: Pick<Question, 'answers'>): {
  readonly takes: boolean;
  readonly needed: readonly string[];
  readonly only: readonly string[];
} {
  const labels = (all: readonly Answer[]) => all.map(({ label }) => label);
  const taking = question.answers.filter(({ comment }) => comment !== 'none');
  return {
    takes: taking.length > 0,
    needed: labels(question.answers.filter(({ comment }) => comment === 'required')),
    only: taking.length < question.answers.length ? labels(taking) : [],
  };
}
