import { createHash } from 'node:crypto';
import { fitText } from './fit.ts';

/*
 * A hidden line at the end of what Gantry writes to a forge says for what key it was written, so that a second try finds
 * it. Anyone can write such a line: it counts only in texts of Gantry's own account, and only as their last line.
 */
const last = /\n*<!-- gantry:([\w.:/-]+) -->\s*$/;

/** `text` as it is sent: as long as forges take it, lines of this kind that it holds already made harmless. */
export function withMarker(text: string, key: string): string {
  const harmless = fitText(text.replaceAll(/<!--(\s*gantry:)/gi, '&lt;!--$1').trimEnd());
  return `${harmless}\n\n<!-- gantry:${spelled(key)} -->`;
}

export function hasMarker(text: string | null, key: string): boolean {
  return last.exec(text ?? '')?.[1] === spelled(key);
}

/** The key of the text's marker, whoever wrote it. */
export function markedKey(text: string | null): string | null {
  return last.exec(text ?? '')?.[1] ?? null;
}

/** What people wrote or read, without the line. */
export function withoutMarker(text: string | null): string {
  return (text ?? '').replace(last, '');
}

/** `changed` with the marker that `present` has, if any. */
export function keepMarker(changed: string, present: string | null): string {
  const key = last.exec(present ?? '')?.[1];
  return key === undefined ? fitText(changed) : withMarker(changed, key);
}

/* A key that could end the comment early, or is long, goes by its hash. */
function spelled(key: string): string {
  return /^[\w.:/-]{1,120}$/.test(key) && !key.includes('--')
    ? key
    : createHash('sha256').update(key).digest('hex');
}
