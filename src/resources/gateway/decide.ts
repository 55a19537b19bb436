import { GantryError } from '../../base/errors.ts';
import type { BudgetScope, OverBudget } from '../../contract/budget.ts';
import { costAtMost, type Price } from './prices.ts';

/** One bound that holds for a call, with what has gone of it. */
export interface Limit {
  readonly scope: BudgetScope;
  readonly subject: string;
  readonly unit: 'usd' | 'tokens';
  readonly limit: number;
  /** Spent, and put aside for calls under way. */
  readonly spent: number;
}

/** What a call needs at most. */
export interface Need {
  readonly model: string;
  readonly price: Price | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface Granted {
  /** Not more than was asked for; less where a budget leaves less. */
  readonly outputTokens: number;
  readonly tokens: number;
  readonly usd: number;
}

/** An answer cut shorter than this is rarely of use. */
const usefulOutput = 1024;
/** Sums of fractions don't come out even. */
const grain = 1e-9;

/**
 * Whether a call fits all its budgets, and with how long an answer. A budget of money and a model without a price don't go
 * together, unless a budget of tokens bounds the call as well: BUDGET_REACHED says so.
 */
export function decide(need: Need, limits: readonly Limit[]): Granted | { readonly over: OverBudget } {
  const { price, inputTokens, outputTokens } = need;
  const money = limits.find(({ unit }) => unit === 'usd');
  if (price === null && money && limits.every(({ unit }) => unit === 'usd'))
    throw unpriced(need.model, money);
  const inputUsd = price ? costAtMost(price, inputTokens, 0) : 0;
  const wholeUsd = price ? costAtMost(price, inputTokens, outputTokens) : 0;
  const perOutput = (wholeUsd - inputUsd) / Math.max(1, outputTokens);

  let granted = outputTokens;
  let tightest: Limit | undefined;
  for (const limit of limits) {
    const left = limit.limit - limit.spent;
    const room = limit.unit === 'tokens' ? left - inputTokens : roomFor(left + grain - inputUsd, perOutput);
    if (limit.unit === 'usd' && price === null) continue;
    if (room >= granted) continue;
    granted = Math.floor(room);
    tightest = limit;
  }
  if (tightest && granted < Math.min(outputTokens, usefulOutput)) {
    const needs = tightest.unit === 'tokens' ? inputTokens + outputTokens : wholeUsd;
    return { over: { ...tightest, needs } };
  }
  return {
    outputTokens: granted,
    tokens: inputTokens + granted,
    usd: inputUsd + perOutput * granted,
  };
}

function roomFor(usd: number, perOutput: number): number {
  if (usd < 0) return -1;
  return perOutput === 0 ? Number.POSITIVE_INFINITY : usd / perOutput;
}

function unpriced(model: string, { scope, limit }: Limit): GantryError {
  return new GantryError(
    'BUDGET_REACHED',
    `Nobody has said what ${model} costs, so the budget of $${limit} (${scope}) cannot be kept. Set its price with ` +
      `GANTRY_MODEL_PRICES=${model}=<input>/<output> (0 for a local one), or add a budget in tokens.`,
  );
}
