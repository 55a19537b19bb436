import { z } from 'zod';
import { GantryError } from '../../base/errors.ts';
import { passwordLength } from '../../contract/password.ts';

const longestName = 100;
const longestEmail = 254;
const emailSchema = z.email();

/** Control characters, lone surrogates, and the marks that turn text round: they make one name look like another. */
const unfitForNames = /[\p{Cc}\p{Cs}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

/** The name, trimmed and in Unicode's composed form (NFC). Throws INPUT_INVALID. */
export function checkName(text: string): string {
  const name = text.normalize('NFC').trim();
  if (name === '') throw refusal('name', 'it is empty');
  if ([...name].length > longestName) throw refusal('name', `it has more than ${longestName} characters`);
  if (unfitForNames.test(name)) throw refusal('name', 'it holds control or invisible characters');
  return name;
}

/** The address, trimmed and in lower case. Throws INPUT_INVALID. */
export function checkEmail(text: string): string {
  const email = text.trim().toLowerCase();
  if (email.length > longestEmail || !emailSchema.safeParse(email).success) {
    throw refusal('email', 'it is no e-mail address; write for example ada@example.com');
  }
  return email;
}

/** Throws INPUT_INVALID for a password that is too short or too long; never repeats it. */
export function checkPassword(password: string, path = 'password'): void {
  const { least, most } = passwordLength;
  if (password.length < least) {
    throw refusal(path, `it has ${password.length} characters, and needs at least ${least}`);
  }
  if (password.length > most) throw refusal(path, `it has more than ${most} characters`);
}

function refusal(path: string, message: string): GantryError {
  return new GantryError('INPUT_INVALID', `The ${path} can't be used: ${message}.`, {
    problems: [{ path, message }],
  });
}
