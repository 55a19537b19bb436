import type { Budget, BudgetChange } from '../../contract/run.ts';
import { readTokens, readUsd } from '../budgets/read-amount.ts';

/** Minutes as typed, in milliseconds: `30`, `1.5`; null when empty, undefined when it is no time above 0. */
export function readMinutes(text: string): number | null | undefined {
  const plain = text.trim().replaceAll(',', '');
  if (plain === '') return null;
  if (!/^\d+(\.\d+)?$/.test(plain)) return undefined;
  const ms = Math.round(Number(plain) * 60_000);
  return ms > 0 && Number.isSafeInteger(ms) ? ms : undefined;
}

/** What of a budget is another than before; undefined when nothing is. */
export function budgetChange(
  before: Budget | null,
  typed: { readonly usd: string; readonly tokens: string; readonly minutes: string },
): BudgetChange | undefined {
  const now = {
    usd: readUsd(typed.usd),
    tokens: readTokens(typed.tokens),
    wallMs: readMinutes(typed.minutes),
  };
  const change: BudgetChange = {};
  for (const name of ['usd', 'tokens', 'wallMs'] as const) {
    const value = now[name];
    if (value !== undefined && value !== (before?.[name] ?? null)) change[name] = value;
  }
  return Object.keys(change).length > 0 ? change : undefined;
}
