import { GantryError } from '../../base/errors.ts';
import type { DocumentKind } from './documents.ts';

const uniqueViolation = '23505';

/** What the database's refusal of a second document of one name means; whatever else was thrown stays. */
export function nameTaken({ kind }: DocumentKind, name: string): (error: Error & { code?: string }) => never {
  return (error) => {
    if (error.code !== uniqueViolation) throw error;
    const message = `There is a ${kind} "${name}" of the same owner already. Give another name.`;
    const problems = [{ path: 'name', message: 'is taken' }];
    throw new GantryError('CONFLICT', message, { cause: error, problems });
  };
}
