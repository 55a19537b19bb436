import type { Spent } from '../../contract/run-conversation.ts';

export interface RoleSpent {
  readonly role: string;
  readonly usd: number;
  readonly tokens: number;
}

/** What agents of each kind spent, the most first: an agent's kind is the first word of its name. */
export function spentByRole(spentBy: ReadonlyMap<string, Spent>): RoleSpent[] {
  const roles = new Map<string, { usd: number; tokens: number }>();
  for (const [name, { usd, inputTokens, outputTokens }] of spentBy) {
    const role = name.split(' ', 1)[0] ?? name;
    const sum = roles.get(role) ?? { usd: 0, tokens: 0 };
    roles.set(role, { usd: sum.usd + usd, tokens: sum.tokens + inputTokens + outputTokens });
  }
  return [...roles]
    .map(([role, sum]) => ({ role, ...sum }))
    .toSorted((one, other) => other.usd - one.usd || other.tokens - one.tokens);
}
