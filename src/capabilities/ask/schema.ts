import { z } from 'zod';
import { modelEfforts } from '../../contract/model.ts';
import { repositoryChoiceSchema } from '../../contract/repository.ts';

export const askInputSchema = z.strictObject({
  repository: repositoryChoiceSchema,
  question: z.string().trim().min(1).max(10_000),
  model: z.string().min(1).max(200).optional().describe('provider/name; the default model without it.'),
  fallbacks: z.array(z.string().min(1).max(200)).max(5).optional(),
  effort: z
    .enum(modelEfforts)
    .optional()
    .describe('How much the model should think; its provider decides without it.'),
  script: z.unknown().optional().describe('Turns of the model `scripted`, for demos and tests.'),
  confirm: z
    .enum(['nothing', 'commands', 'everything'])
    .optional()
    .describe('Which calls of tools a person allows one by one.'),
  repositoryTools: z
    .boolean()
    .optional()
    .describe('Lets the MCP servers that the repository names in .mcp.json work in the sandbox.'),
  limits: z
    .strictObject({
      turns: z.int().min(1).max(500).optional(),
      activeMs: z.int().min(1000).max(86_400_000).optional(),
      tokens: z.int().min(1000).max(100_000_000).optional(),
    })
    .optional(),
});
export type AskInput = z.infer<typeof askInputSchema>;

export const askOutputSchema = z.object({
  answer: z.string(),
  citations: z.array(z.object({ path: z.string(), line: z.int().min(1) })),
  notice: z.string().optional().describe('Why it came to an end early, when it did.'),
});
export type AskOutput = z.infer<typeof askOutputSchema>;
