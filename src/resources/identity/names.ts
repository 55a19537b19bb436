import { isId } from '../../base/ids.ts';
import type { Database } from '../../store/database.ts';

/** What to call people, by their ids. */
export async function readNames(
  db: Database,
  ids: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const rows = await db.query<{ id: string; name: string }>('SELECT id, name FROM users WHERE id = ANY($1)', [
    ids.filter(isId),
  ]);
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
}
