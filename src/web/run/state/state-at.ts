import type { StateChange } from '../../../contract/run-state.ts';

/** A key of the state at a moment. */
export interface KeyAt {
  readonly key: string;
  readonly change: StateChange;
  /** How often it was set up to then. */
  readonly times: number;
}

/** The values after the change of this number, by key, in the order in which the keys first came: rows must not jump. */
export function stateAt(changes: readonly StateChange[], seq: number): KeyAt[] {
  const keys = new Map<string, KeyAt>();
  for (const change of changes) {
    if (change.seq > seq) break;
    const times = (keys.get(change.key)?.times ?? 0) + 1;
    keys.set(change.key, { key: change.key, change, times });
  }
  return [...keys.values()];
}

/** The changes that are there, and where among them the moment stands; the last one when it is of none of them. */
export function placeOf(changes: readonly StateChange[], seq: number | undefined): number {
  if (seq === undefined) return changes.length - 1;
  const place = changes.findLastIndex((change) => change.seq <= seq);
  return Math.max(0, place);
}

/** The texts of a moment by key, to compare with those of another. */
export function textsAt(changes: readonly StateChange[], seq: number): Record<string, string> {
  return Object.fromEntries(
    stateAt(changes, seq).map(({ key, change }) => [key, JSON.stringify(change.value, null, 2)]),
  );
}

const longest = 120;

/** What a value says in a line: its own `status` where it has one, else the start of it. */
export function gistOf(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, longest);
  if (typeof value !== 'object' || value === null) return String(value);
  if ('status' in value && typeof value.status === 'string') return value.status.slice(0, longest);
  if (Array.isArray(value)) return `[${value.length}]`;
  return Object.keys(value).slice(0, 8).join(', ').slice(0, longest);
}
