import { randomBytes } from 'node:crypto';
import { inert } from '../base/inert.ts';

/** What sets a text of strangers apart can't be guessed by whoever wrote it. */
export function newNonce(): string {
  return randomBytes(6).toString('hex');
}

/**
 * Marks a text as data: a block that the text itself can't close, because it would have to know the nonce. `from` says in
 * a few words where it comes from.
 */
export function fence(nonce: string, from: string, text: string): string {
  const mark = `data-${nonce}`;
  const inside = text.replaceAll(mark, 'data-');
  return `<${mark} from="${from.replaceAll(/["<>\n\r]/g, ' ').slice(0, 200)}">\n${inside}\n</${mark}>`;
}

const longestName = 300;

/** A name that strangers may have chosen, within our own words: one line in quotes, which it can't end. */
export function quoted(name: string): string {
  return JSON.stringify(inert(name.slice(0, longestName)).toWellFormed());
}
