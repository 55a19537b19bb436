import { personQuestionSchema } from '../ask-person.ts';
import { defineTool } from './define-tool.ts';

/** Asks the owner of the run; the run waits for the answer without holding anything. */
export const askTool = defineTool({
  name: 'ask',
  description:
    'Ask the user when you cannot go on without them: a decision that is theirs, or something that you cannot find out. Offer choices where there are some.',
  effect: 'ask',
  input: personQuestionSchema,
  title: ({ question }) => `ask: ${question.split('\n', 1)[0]?.slice(0, 200) ?? ''}`,
  run: async () => ({ text: '' }),
});
