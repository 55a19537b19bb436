import { GantryError } from '../base/errors.ts';

/** Money for people: `$12.30`, and `$0.0042` where cents don't tell. */
export function dollars(usd: number): string {
  return `$${usd.toFixed(usd > 0 && usd < 0.01 ? 4 : 2)}`;
}

/** What `--budget` was given: `0.50` or `$0.50`. */
export function parseUsd(text: string): number {
  const value = Number(text.replace(/^\$/, ''));
  if (text !== '' && Number.isFinite(value) && value > 0) return value;
  throw new GantryError('INPUT_INVALID', `--budget takes US dollars, as in --budget 0.50, not "${text}".`);
}
