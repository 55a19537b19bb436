import type { EventBody } from './event.ts';

/** A value that the story had, from when on. */
export interface StateChange {
  readonly key: string;
  readonly seq: number;
  readonly at: string;
  readonly value: unknown;
}

/** What a story stands at, by key, and how it came to it; plain data that is changed in place. */
export interface RunState {
  readonly now: Map<string, StateChange>;
  /** The latest changes, the earliest first. */
  readonly changes: StateChange[];
}

const mostChanges = 500;

export function createRunState(): RunState {
  return { now: new Map(), changes: [] };
}

/** A key has a new value. What it has already adds nothing: a story that is told again says it again. */
export function addState(
  state: RunState,
  { key, value }: Extract<EventBody, { type: 'state' }>['data'],
  { seq, at }: { readonly seq: number; readonly at: string },
): void {
  const before = state.now.get(key);
  if (before && JSON.stringify(before.value) === JSON.stringify(value)) return;
  const change = { key, seq, at, value };
  state.now.set(key, change);
  state.changes.push(change);
  if (state.changes.length > mostChanges) state.changes.shift();
}
