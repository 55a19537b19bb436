import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where drizzle-kit writes the migrations. */
export const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));

export interface Migration {
  /** `0003_secrets`. */
  readonly name: string;
  readonly sql: readonly string[];
  /** SHA-256 of the file. */
  readonly hash: string;
  /** When it was written, in Unix milliseconds: its place in the order. */
  readonly createdAt: number;
}

interface Journal {
  readonly entries: readonly { readonly tag: string; readonly when: number }[];
}

/** The migrations in a folder as drizzle-kit lays them out, oldest first; by default those of this Gantry. */
export function knownMigrations(folder: string = migrationsFolder): Migration[] {
  const journal = JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as Journal;
  return journal.entries.map(({ tag, when }) => {
    const text = readFileSync(join(folder, `${tag}.sql`), 'utf8');
    return {
      name: tag,
      sql: text.split('--> statement-breakpoint'),
      hash: createHash('sha256').update(text).digest('hex'),
      createdAt: when,
    };
  });
}
