import { z } from 'zod';
import { agentChoices, agentLimitChoices } from '../../contract/agent-choices.ts';
import { repositoryChoiceSchema } from '../../contract/repository.ts';

export const askInputSchema = z.strictObject({
  repository: repositoryChoiceSchema,
  question: z.string().trim().min(1).max(10_000),
  ...agentChoices,
  limits: z.strictObject(agentLimitChoices).optional(),
});
export type AskInput = z.infer<typeof askInputSchema>;

export const askOutputSchema = z.object({
  answer: z.string(),
  citations: z.array(z.object({ path: z.string(), line: z.int().min(1) })),
  notice: z.string().optional().describe('Why it came to an end early, when it did.'),
});
export type AskOutput = z.infer<typeof askOutputSchema>;
