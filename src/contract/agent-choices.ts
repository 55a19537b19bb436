import { z } from 'zod';
import { modelEfforts } from './model.ts';

/** What calls of tools a person is asked about first. */
const confirmChoices = ['nothing', 'commands', 'everything'] as const;
export type ConfirmChoice = (typeof confirmChoices)[number];

/** What whoever starts work of agents says of them: fields of the input of every capability that has some. */
export const agentChoices = {
  model: z.string().min(1).max(200).optional().describe('provider/name; the default model without it.'),
  fallbacks: z
    .array(z.string().min(1).max(200))
    .max(5)
    .optional()
    .describe('Models that are asked, in this order, when the one before gives no answer.'),
  effort: z
    .enum(modelEfforts)
    .optional()
    .describe('How much the model should think; its provider decides without it.'),
  script: z.unknown().optional().describe('Turns of the model `scripted`, for demos and tests.'),
  confirm: z.enum(confirmChoices).optional().describe('Which calls of tools a person allows one by one.'),
  repositoryTools: z
    .boolean()
    .optional()
    .describe('Lets the MCP servers that the repository names in .mcp.json work in the sandbox.'),
};

/** Bounds that may be set of each agent. */
export const agentLimitChoices = {
  turns: z.int().min(1).max(500).optional(),
  activeMs: z.int().min(1000).max(86_400_000).optional().describe('Without what it waits for people.'),
  tokens: z.int().min(1000).max(100_000_000).optional(),
};
