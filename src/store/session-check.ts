import { GantryError } from '../base/errors.ts';
import { newToken } from '../base/ids.ts';
import type { Database } from './database.ts';
import type { Listener } from './listen.ts';

const patienceMs = 3000;

/**
 * Makes sure that a session is really one: sends a message through the pool and waits for it on the listening connection.
 * A transaction pooler takes LISTEN and locks without a word and then forgets them; DATABASE_POOLED says so at boot.
 */
export async function assertSessions(database: Database, listener: Listener): Promise<void> {
  const token = `check:${newToken(9)}`;
  let stop = () => {};
  let timer: NodeJS.Timeout | undefined;
  const heard = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs);
    stop = listener.on(
      'gantry_control',
      (payload) => payload === token && resolve(true),
      () => undefined,
    );
  });
  try {
    await database.query(`SELECT pg_notify('gantry_control', $1)`, [token]);
    if (await heard) return;
  } finally {
    clearTimeout(timer);
    stop();
  }
  throw new GantryError(
    'DATABASE_POOLED',
    'A transaction pooler stands before the database: locks and LISTEN, which Gantry needs, get lost in it. ' +
      'Set GANTRY_DATABASE_SESSION_URL to the direct address of the same PostgreSQL.',
  );
}
