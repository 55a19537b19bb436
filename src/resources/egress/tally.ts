import type { EgressDecision } from './decision.ts';

/** Decisions that are alike, told as one: a package manager makes hundreds of connections to the same place. */
export interface Tally {
  add(decision: EgressDecision): void;
  /** Everything that was decided, each kind once, in the order in which it first came. */
  decisions(): readonly (EgressDecision & { readonly times: number })[];
}

/** A program that asks for ever new hosts fills no log. */
const mostKinds = 100;

export function createTally(): Tally {
  const kinds = new Map<string, EgressDecision & { readonly times: number }>();
  return {
    add: (decision) => {
      const { host, port, allowed, reason } = decision;
      const own = JSON.stringify([host, port, allowed, reason]);
      const rest = { ...decision, host: 'others', port: 0 };
      const isFull = !kinds.has(own) && kinds.size >= mostKinds;
      const key = isFull ? JSON.stringify(['', allowed, reason]) : own;
      const before = kinds.get(key);
      kinds.set(key, {
        ...(isFull ? rest : decision),
        bytesIn: (before?.bytesIn ?? 0) + (decision.bytesIn ?? 0),
        bytesOut: (before?.bytesOut ?? 0) + (decision.bytesOut ?? 0),
        times: (before?.times ?? 0) + 1,
      });
    },
    decisions: () => [...kinds.values()],
  };
}
