import type { AgentLimits, AgentRequest } from './agent.ts';
import type { Thread } from './thread.ts';

const defaults: AgentLimits = { turns: 100, activeMs: 3_600_000, tokens: 5_000_000 };
const mostOutputTokens = 8192;

/** The limits that were asked for, and the usual ones for the rest. */
export function limitsOf({ limits }: Pick<AgentRequest, 'limits'>): AgentLimits {
  return {
    turns: limits?.turns ?? defaults.turns,
    activeMs: limits?.activeMs ?? defaults.activeMs,
    tokens: limits?.tokens ?? defaults.tokens,
  };
}

/** What a reply may have at most; budgets set aside as much before each call. */
export function outputTokens(most: number): number {
  return Math.min(most, mostOutputTokens);
}

export type LimitName = 'turns' | 'time' | 'tokens';

/** The first limit that was reached; by what is recorded, so that a replay comes to the same. */
export function reachedLimit({
  limits,
  turns,
  activeMs,
  tokens,
}: Pick<Thread, 'limits' | 'turns' | 'activeMs' | 'tokens'>): LimitName | null {
  if (turns >= limits.turns) return 'turns';
  if (activeMs >= limits.activeMs) return 'time';
  return tokens >= limits.tokens ? 'tokens' : null;
}

/** What a limit says to people. */
export function limitNotice(limit: LimitName | 'loop', limits: AgentLimits): string {
  switch (limit) {
    case 'turns':
      return `The agent was stopped after ${limits.turns} turns. Start it again with a higher limit of turns, or ask for less.`;
    case 'time':
      return `The agent was stopped after ${Math.round(limits.activeMs / 1000)} s of work. Start it again with more time, or ask for less.`;
    case 'tokens':
      return `The agent was stopped after ${limits.tokens} tokens. Start it again with more tokens, or ask for less.`;
    case 'loop':
      return 'The agent was stopped because it did the same over and over. Say more precisely what you want, or use another model.';
  }
}
