import { z } from 'zod';
import { cutEnd } from '../base/cut.ts';
import { nameOf, type Thread } from './thread.ts';

/** What an agent asks with: a question, and answers to choose from where there are any. */
export const personQuestionSchema = z.strictObject({
  question: z.string().min(1).max(10_000),
  choices: z.array(z.string().min(1).max(80)).max(4).optional(),
});

/** Asks the owner of the run what the agent wants to know; what the model reads of the answer. */
export async function askPerson(thread: Thread, input: unknown): Promise<string> {
  const { question, choices = [] } = personQuestionSchema.parse(input);
  const title = `The agent asks: ${question.trim().split('\n', 1)[0] ?? ''}`;
  const given = await thread.ctx.ask(nameOf(thread, 'question'), {
    // Said with each question, so that none can pass for one of Gantry's own.
    title: cutEnd(title, 200),
    text: title.length > 200 || question.includes('\n') ? question : '',
    answers: [
      ...choices.map((label, index) => ({
        value: `choice-${index}`,
        label,
        tone: 'go' as const,
        comment: 'optional' as const,
      })),
      {
        value: 'reply',
        label: 'Answer in words',
        tone: choices.length === 0 ? 'go' : 'change',
        comment: 'required',
      },
      { value: 'none', label: 'Decide yourself', tone: 'refuse' },
    ],
  });
  const choice = choices.find((_, index) => given?.value === `choice-${index}`);
  const words = given?.comment ? ` ${given.comment}` : '';
  if (choice !== undefined) return `The user chose: ${choice}.${words}`;
  if (given?.value === 'reply') return `The user answers:${words}`;
  return 'The user leaves it to you: decide yourself, and say what you decided.';
}
