import type { Actor } from '../../contract/user.ts';

const longestMs = 10_000;
const mostEntries = 10_000;

export interface Known {
  readonly actor: Actor;
  /** When the credential ends by itself. */
  readonly expiresAt: Date | null;
}

/** Who a credential stands for, by its hash, for 10 s at most. Only right answers are kept. */
export interface ActorCache {
  through(hash: string, load: () => Promise<Known | null>): Promise<Actor | null>;
  clear(): void;
}

export function createActorCache(now: () => number = Date.now): ActorCache {
  const entries = new Map<string, { readonly actor: Actor; readonly until: number }>();
  let generation = 0;

  function keep(hash: string, known: Known): void {
    const until = Math.min(now() + longestMs, known.expiresAt?.getTime() ?? Infinity);
    if (entries.size >= mostEntries) {
      const oldest = entries.keys().next();
      if (!oldest.done) entries.delete(oldest.value);
    }
    entries.set(hash, { actor: known.actor, until });
  }

  return {
    through: async (hash, load) => {
      const entry = entries.get(hash);
      if (entry && entry.until > now()) return entry.actor;
      entries.delete(hash);
      const before = generation;
      const known = await load();
      // What was read before a change was announced may already be wrong, so it isn't kept.
      if (known && before === generation) keep(hash, known);
      return known?.actor ?? null;
    },
    clear: () => {
      generation += 1;
      entries.clear();
    },
  };
}
