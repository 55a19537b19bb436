import { runInNewContext } from 'node:vm';
import { GantryError } from '../../../base/errors.ts';
import type { SpokenTurn } from './script.ts';

const patience = 200;
const longestShown = 200;

/** MODEL_REPLY_INVALID unless one of the texts is what the turn waits for. */
export function expectHeard({ when }: SpokenTurn, heard: readonly string[], call: number): void {
  if (when === undefined) return;
  const fits = (text: string) =>
    typeof when === 'string' ? text.includes(when) : matches(when.matches, text);
  if (heard.some(fits)) return;
  const wanted = typeof when === 'string' ? when : `/${when.matches}/`;
  throw new GantryError(
    'MODEL_REPLY_INVALID',
    `The script of the model expects at call ${call} that it is told ${wanted}, but it was told: ` +
      (heard.at(-1) ?? '').slice(0, longestShown),
  );
}

/* A script may be anybody's, and an expression can be one that never comes to an end. */
function matches(pattern: string, text: string): boolean {
  try {
    return (
      runInNewContext('new RegExp(pattern, "u").test(text)', { pattern, text }, { timeout: patience }) ===
      true
    );
  } catch (cause) {
    throw new GantryError(
      'MODEL_REPLY_INVALID',
      `The expression /${pattern}/ of the model's script takes too long. Make it simpler.`,
      { cause },
    );
  }
}
