import { z } from 'zod';
import type { ModelEffort } from '../../../contract/model.ts';
import type { ModelRequest } from '../../../resources/ports/model.ts';
import type { LanguageModelCall } from './language-model.ts';

/** What of a call says how much to think. */
export type ThinkingCall = Pick<LanguageModelCall, 'reasoning' | 'providerOptions'>;

export type ThoughtfulRequest = Pick<ModelRequest, 'maxOutputTokens' | 'toolChoice' | 'outputSchema'> & {
  /** The model's name. */
  readonly name: string;
};

const shares: Readonly<Record<ModelEffort, number>> = { low: 0.2, medium: 0.4, high: 0.6 };
/* Anthropic takes no less; and an answer needs room, too. */
const leastTokens = 1024;

/** For those that take the word itself; the SDK knows which of their models do. */
export function plainEffort(effort: ModelEffort): ThinkingCall {
  return { reasoning: effort };
}

/** Older models take a number of tokens, newer ones the word; the SDK chooses. Neither goes with an answer of a forced form. */
export function thinkingAnthropic(effort: ModelEffort, request: ThoughtfulRequest): ThinkingCall {
  const budgetTokens = thinkingTokens(effort, request.maxOutputTokens);
  if (budgetTokens === undefined || request.toolChoice === 'required' || request.outputSchema) return {};
  return {
    reasoning: effort,
    providerOptions: { anthropic: { thinking: { type: 'enabled', budgetTokens } } },
  };
}

/**
 * For Anthropic: the SDK adds a number of tokens for thinking to those of the answer, but both together have to stay within
 * what was put aside for.
 */
export function countThinking(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return (input, init) => {
    const body = init?.body;
    return typeof body === 'string'
      ? fetch(input, { ...init, body: withThinking(body) })
      : fetch(input, init);
  };
}

function withThinking(body: string): string {
  if (!body.includes('"budget_tokens"')) return body;
  const { data: asked } = thinkingBodySchema.safeParse(JSON.parse(body));
  if (!asked) return body;
  const thinking = asked.thinking.budget_tokens;
  return JSON.stringify({ ...asked, max_tokens: Math.max(asked.max_tokens - thinking, thinking + 1) });
}

const thinkingBodySchema = z.looseObject({
  max_tokens: z.number(),
  thinking: z.looseObject({ budget_tokens: z.number() }),
});

/** Gemini 2.5 takes a number of tokens, which count within those of the answer; later ones take the word. */
export function thinkingGoogle(
  effort: ModelEffort,
  { name, maxOutputTokens }: ThoughtfulRequest,
): ThinkingCall {
  if (!name.includes('gemini-2.5')) return plainEffort(effort);
  const thinkingBudget = thinkingTokens(effort, maxOutputTokens);
  if (thinkingBudget === undefined) return {};
  return { providerOptions: { google: { thinkingConfig: { thinkingBudget } } } };
}

function thinkingTokens(effort: ModelEffort, maxOutputTokens: number): number | undefined {
  const tokens = Math.max(leastTokens, Math.floor(maxOutputTokens * shares[effort]));
  return maxOutputTokens - tokens < leastTokens ? undefined : tokens;
}
