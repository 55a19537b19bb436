import type { DiffFile } from './diff-file.ts';
import { lineDiff } from './line-diff.ts';

/** Texts by name. */
export type Texts = Readonly<Record<string, string>>;

const mostCharacters = 2_000_000;

/** Where texts of the same names differ, and which there are on one side only; those that are alike are left out. */
export function compareTexts(old: Texts, now: Texts): DiffFile[] | 'too-large' {
  const size = [...Object.values(old), ...Object.values(now)].reduce((sum, text) => sum + text.length, 0);
  if (size > mostCharacters) return 'too-large';
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((name) => {
    const diff = lineDiff(textOf(old, name), textOf(now, name));
    return diff.hunks.length === 0 ? [] : [{ name, ...diff }];
  });
}

/* Names are a stranger's: one of them may be `constructor`. */
function textOf(texts: Texts, name: string): string {
  return Object.hasOwn(texts, name) ? (texts[name] ?? '') : '';
}
