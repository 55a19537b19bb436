import type { AnswerPayload, Asked, Question } from './question.ts';

export const longestComment = 10_000;
/** Of the value that an answer brings, as JSON, in characters. */
const longestAnswerData = 200_000;

/** Checks an answer against its question; null when it is one, else what is wrong with it. */
export function refusalOf(question: Pick<Question, 'answers'>, payload: AnswerPayload): string | null {
  const answer = question.answers.find((each) => each.value === payload.answer);
  if (!answer) {
    const values = question.answers.map((each) => `"${each.value}"`).join(', ');
    return `"${payload.answer}" is not one of the answers: ${values}.`;
  }
  const empty = payload.comment.trim() === '';
  if (answer.comment === 'required' && empty) return `"${answer.label}" needs a comment.`;
  if (answer.comment === 'none' && !empty) return `"${answer.label}" takes no comment.`;
  if (payload.data !== undefined && !answer.takesData) return `"${answer.label}" takes no data.`;
  if (payload.data !== undefined && JSON.stringify(payload.data).length > longestAnswerData)
    return `What comes with "${answer.label}" is too large.`;
  return null;
}

/** Whether this person may answer: the one who is asked, anyone of the asked role, and admins. Viewers never. */
export function mayAnswer(who: Asked, person: { readonly userId: string; readonly role: string }): boolean {
  if (person.role === 'admin') return true;
  if (person.role !== 'member') return false;
  return who.kind === 'user' ? who.userId === person.userId : who.role === 'member';
}
