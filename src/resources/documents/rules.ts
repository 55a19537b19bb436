import { GantryError } from '../../base/errors.ts';
import type { DocumentKind } from './documents.ts';

const longestName = 120;
const longestNote = 500;

/** Control characters, lone surrogates, line separators, and the marks that turn text round. */
const unfit = /[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/u;

/** The name, trimmed and in Unicode's composed form (NFC). Throws INPUT_INVALID. */
export function checkName(text: string): string {
  const name = text.normalize('NFC').trim();
  if (name === '') throw refusal('name', 'must not be empty');
  if (name.length > longestName) throw refusal('name', `must have at most ${longestName} characters`);
  if (unfit.test(name))
    throw refusal('name', 'must not hold control characters or marks that turn text round');
  return name;
}

/** The note, trimmed; it may have several lines. Throws INPUT_INVALID. */
export function checkNote(text = ''): string {
  const note = text.trim();
  if (note.length > longestNote) throw refusal('note', `must have at most ${longestNote} characters`);
  if (unfit.test(note.replace(/[\n\t]/g, ' '))) throw refusal('note', 'must not hold control characters');
  return note;
}

/** The content as the JSON that is stored, with its size. Throws INPUT_INVALID when it is too large. */
export function checkContent(
  content: unknown,
  { kind, maxBytes }: DocumentKind,
): { json: string; bytes: number } {
  const json = JSON.stringify(content);
  if (json === undefined) throw refusal('content', 'must be JSON');
  const bytes = Buffer.byteLength(json);
  if (bytes > maxBytes) {
    throw refusal('content', `takes ${bytes} bytes as JSON; a ${kind} may take ${maxBytes}`);
  }
  return { json, bytes };
}

function refusal(path: string, message: string): GantryError {
  return new GantryError('INPUT_INVALID', `This cannot be saved: the ${path} ${message}.`, {
    problems: [{ path, message }],
  });
}
