import { newFile, sameProgram, type Draft, type DraftFile } from '../draft.ts';

/** Where a program came from, and how it was then: what differs is not saved. */
export interface Base {
  readonly kind: 'example' | 'script' | 'run' | 'link';
  readonly draft: Draft;
  readonly script?: {
    readonly id: string;
    readonly name: string;
    readonly version: number;
    readonly mayChange: boolean;
  };
}

/** What the person did last that can be taken back, as a key of the catalogue. */
export interface Undo {
  readonly key: 'undo.deleted' | 'undo.loaded';
  readonly name: string;
  readonly before: { readonly draft: Draft; readonly base: Base };
}

export type Tab = number | 'stdin' | 'args';

export interface PlaygroundState {
  readonly draft: Draft;
  readonly base: Base;
  readonly tab: Tab;
  readonly undo: Undo | undefined;
}

export type PlaygroundAction =
  | {
      readonly type: 'load';
      readonly draft: Draft;
      readonly base: Omit<Base, 'draft'>;
      readonly name: string;
    }
  | { readonly type: 'edit'; readonly change: Partial<Omit<Draft, 'files' | 'entry'>> }
  | { readonly type: 'write'; readonly file: number; readonly content: string }
  | { readonly type: 'add'; readonly files: readonly DraftFile[] }
  | { readonly type: 'rename'; readonly file: number; readonly name: string }
  | { readonly type: 'delete'; readonly file: number }
  | { readonly type: 'entry'; readonly file: number }
  | { readonly type: 'saved'; readonly draft: Draft; readonly script: NonNullable<Base['script']> }
  | { readonly type: 'tab'; readonly tab: Tab }
  | { readonly type: 'undo' }
  | { readonly type: 'settle' };

/** The state in front of a program that was just loaded. */
export function startState(draft: Draft, base: Omit<Base, 'draft'>): PlaygroundState {
  return { draft, base: { ...base, draft }, tab: draft.entry, undo: undefined };
}

export function isChanged({ draft, base }: PlaygroundState): boolean {
  return !sameProgram(draft, base.draft);
}

export function playgroundReducer(state: PlaygroundState, action: PlaygroundAction): PlaygroundState {
  const { draft } = state;
  switch (action.type) {
    case 'load': {
      const next = startState(action.draft, action.base);
      return isChanged(state) ? { ...next, undo: undoOf(state, 'undo.loaded', action.name) } : next;
    }
    case 'edit':
      return { ...state, draft: { ...draft, ...action.change } };
    case 'write':
      return withFiles(state, changeFile(draft, action.file, { content: action.content }));
    case 'rename':
      return withFiles(state, changeFile(draft, action.file, { name: action.name }));
    case 'add':
      return addFiles(state, action.files);
    case 'delete':
      return deleteFile(state, action.file);
    case 'entry':
      return { ...state, draft: { ...draft, entry: action.file } };
    case 'saved':
      return { ...state, base: { kind: 'script', draft: action.draft, script: action.script } };
    case 'tab':
      return { ...state, tab: action.tab };
    case 'undo':
      return state.undo
        ? { ...state, ...state.undo.before, tab: state.undo.before.draft.entry, undo: undefined }
        : state;
    case 'settle':
      return { ...state, undo: undefined };
  }
}

function undoOf({ draft, base }: PlaygroundState, key: Undo['key'], name: string): Undo {
  return { key, name, before: { draft, base } };
}

function changeFile({ files }: Draft, id: number, change: Partial<DraftFile>): readonly DraftFile[] {
  return files.map((file) => (file.id === id ? { ...file, ...change } : file));
}

function withFiles(state: PlaygroundState, files: readonly DraftFile[]): PlaygroundState {
  return { ...state, draft: { ...state.draft, files } };
}

/** A file of a name that is there takes its place. */
function addFiles(state: PlaygroundState, added: readonly DraftFile[]): PlaygroundState {
  const names = new Set(added.map(({ name }) => name));
  const replaced = state.draft.files.find(({ id, name }) => id === state.draft.entry && names.has(name));
  const kept = state.draft.files.filter(({ name }) => !names.has(name));
  const files = [...kept, ...added];
  const entry = replaced ? added.find(({ name }) => name === replaced.name)?.id : state.draft.entry;
  return {
    ...state,
    draft: { ...state.draft, files, entry: entry ?? state.draft.entry },
    tab: added.at(-1)?.id ?? state.tab,
  };
}

/** The last file stays: a program has at least one. */
function deleteFile(state: PlaygroundState, id: number): PlaygroundState {
  const { draft } = state;
  const gone = draft.files.find((file) => file.id === id);
  const files = draft.files.filter((file) => file.id !== id);
  const [first] = files;
  if (!gone || !first) return state;
  const entry = draft.entry === id ? first.id : draft.entry;
  const tab = state.tab === id ? entry : state.tab;
  return { ...state, draft: { ...draft, files, entry }, tab, undo: undoOf(state, 'undo.deleted', gone.name) };
}

/** `new-1.py`: a name that no file has yet. */
export function freeName(files: readonly DraftFile[], extension: string): string {
  const names = new Set(files.map(({ name }) => name));
  for (let count = 1; ; count += 1) {
    const name = `new-${count}${extension}`;
    if (!names.has(name)) return name;
  }
}

/** A copy under ids of its own, so that no editor takes it for the file that it was. */
export function withFreshIds(draft: Draft): Draft {
  const files = draft.files.map(({ name, content, encoding }) => newFile(name, content, encoding));
  const entry = draft.files.findIndex(({ id }) => id === draft.entry);
  return { ...draft, files, entry: files[Math.max(0, entry)]?.id ?? 0 };
}
