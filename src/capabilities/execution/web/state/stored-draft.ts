import { draftOf, inputOf, type Draft, type Variable } from '../draft.ts';
import { startState, type Base, type PlaygroundState } from './playground-state.ts';

/* Of one person: the next to sign in in this browser must not find the program, its input or its variables. */
const keyOf = (owner: string) => `gantry-playground-${owner}`;

interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** Keeps the program over a reload; false when the browser has no room or permission for it. */
export function keepDraft(store: Store, owner: string, { draft, base, shown }: PlaygroundState): boolean {
  const { kind, script } = base;
  const kept = { version: 1, draft: pack(draft), base: { kind, script, draft: pack(base.draft) }, shown };
  try {
    store.setItem(keyOf(owner), JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

/** The program that was kept; undefined when there is none, or one that can't be read. */
export function keptDraft(store: Store, owner: string): PlaygroundState | undefined {
  try {
    const kept = JSON.parse(store.getItem(keyOf(owner)) ?? 'null') as Kept | null;
    const draft = kept?.version === 1 ? unpack(kept.draft) : undefined;
    const from = kept && unpack(kept.base.draft);
    if (!kept || !draft || !from) return undefined;
    const { kind, script } = kept.base;
    const shown = typeof kept.shown === 'string' ? kept.shown : '';
    const state = startState(draft, { kind, ...(script && { script }) }, shown);
    return { ...state, base: { ...state.base, draft: from } };
  } catch {
    return undefined;
  }
}

interface Kept {
  readonly version: number;
  readonly draft: Packed;
  readonly base: Omit<Base, 'draft'> & { readonly draft: Packed };
  readonly shown: unknown;
}

/** Arguments that are not closed yet, and variables without a name, are kept as they stand. */
interface Packed {
  readonly input: unknown;
  readonly stdin: string;
  readonly args: string;
  readonly env: readonly Variable[];
}

function pack(draft: Draft): Packed {
  const { stdin, args, env } = draft;
  return { input: inputOf({ ...draft, args: '', env: [] }), stdin, args, env };
}

function unpack({ input, stdin, args, env }: Packed): Draft | undefined {
  const draft = draftOf(input);
  if (!draft || typeof args !== 'string' || typeof stdin !== 'string' || !Array.isArray(env))
    return undefined;
  return { ...draft, stdin, args, env };
}
