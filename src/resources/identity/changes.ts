import type { Database, Queryable } from '../../store/database.ts';
import type { Listener } from '../../store/listen.ts';
import type { ActorCache } from './actor-cache.ts';

const notify = `SELECT pg_notify('gantry_identity', '')`;

/** Changes that decide who may do what. Every process forgets whom it knew as soon as one is committed. */
export interface Changes {
  /** One transaction, announced with its commit. */
  commit<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** After a change that was made elsewhere. */
  announce(): Promise<void>;
  close(): void;
}

export function followChanges(database: Database, listener: Listener, cache: ActorCache): Changes {
  const stop = listener.on('gantry_identity', cache.clear, cache.clear);
  return {
    commit: async (work) => {
      const result = await database.transaction(async (tx) => {
        const done = await work(tx);
        await tx.query(notify);
        return done;
      });
      cache.clear();
      return result;
    },
    announce: async () => {
      cache.clear();
      await database.query(notify);
    },
    close: stop,
  };
}
