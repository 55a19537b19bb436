import { GantryError } from '../../base/errors.ts';
import type { CommitAuthor } from './workspace.ts';

const longestMessage = 20_000;
const longestName = 200;
/** All that a terminal acts on, and the marks that reorder text. */
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The message of a commit without what terminals act on; `Change` where nothing is left. */
export function plainMessage(message: string): string {
  const lines = message
    .slice(0, 2 * longestMessage)
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(control, '')
    .split('\n')
    .map((line) => line.trimEnd());
  const text = lines.join('\n').trim().slice(0, longestMessage).toWellFormed().trimEnd();
  return text === '' ? 'Change' : text;
}

/** As git writes it down: without what would end the name or the address. */
export function plainAuthor({ name, email }: CommitAuthor): CommitAuthor {
  return { name: plainName(name) || 'Gantry', email: plainName(email) || 'gantry@localhost' };
}

function plainName(text: string): string {
  return text
    .slice(0, longestName)
    .toWellFormed()
    .replace(control, '')
    .replace(/[<>\n\t]/g, ' ')
    .replace(/^[\s.,:;"'\\]+|[\s.,:;"'\\]+$/g, '');
}

/** A moment as git takes it, in seconds of UTC. INPUT_INVALID for what is none. */
export function commitDate(at: string): string {
  const seconds = Math.floor(Date.parse(at) / 1000);
  if (!Number.isFinite(seconds) || seconds < 0)
    throw new GantryError(
      'INPUT_INVALID',
      `${JSON.stringify(at.slice(0, 80))} is no moment since 1970. Write it like 2026-01-31T12:00:00Z.`,
    );
  return `@${seconds} +0000`;
}
