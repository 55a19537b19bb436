import { newFile, sameProgram, type Draft, type DraftFile } from '../draft.ts';

/** The saved script that the program in the editor is a version of. */
export interface LoadedScript {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  /** The newest there was when it was loaded; saving goes on from there. */
  readonly latest: number;
  readonly mayChange: boolean;
}

/** Where a program came from, and how it was then: what differs is not saved. */
export interface Base {
  readonly kind: 'example' | 'script' | 'run' | 'link';
  readonly draft: Draft;
  readonly script?: LoadedScript;
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
  /** What the program was last loaded from, or run as: `addressKey` of it. */
  readonly shown: string;
}

export type PlaygroundAction =
  | {
      readonly type: 'load';
      readonly draft: Draft;
      readonly base: Omit<Base, 'draft'>;
      readonly name: string;
      readonly shown?: string;
    }
  | { readonly type: 'shown'; readonly shown: string }
  | { readonly type: 'edit'; readonly change: Partial<Omit<Draft, 'files' | 'entry'>> }
  | { readonly type: 'language'; readonly language: string; readonly version: string; readonly name: string }
  | { readonly type: 'write'; readonly file: number; readonly content: string }
  | { readonly type: 'add'; readonly files: readonly DraftFile[] }
  | { readonly type: 'rename'; readonly file: number; readonly name: string }
  | { readonly type: 'delete'; readonly file: number }
  | { readonly type: 'entry'; readonly file: number }
  | { readonly type: 'saved'; readonly draft: Draft; readonly script: LoadedScript }
  | { readonly type: 'tab'; readonly tab: Tab }
  | { readonly type: 'undo' }
  | { readonly type: 'settle' };

/** The state in front of a program that was just loaded. */
export function startState(draft: Draft, base: Omit<Base, 'draft'>, shown = ''): PlaygroundState {
  return { draft, base: { ...base, draft }, tab: draft.entry, undo: undefined, shown };
}

export function isChanged({ draft, base }: PlaygroundState): boolean {
  return !sameProgram(draft, base.draft);
}

export function playgroundReducer(state: PlaygroundState, action: PlaygroundAction): PlaygroundState {
  const { draft } = state;
  switch (action.type) {
    case 'load': {
      const next = startState(action.draft, action.base, action.shown);
      return isChanged(state) ? { ...next, undo: undoOf(state, 'undo.loaded', action.name) } : next;
    }
    case 'shown':
      return { ...state, shown: action.shown };
    case 'edit':
      return { ...state, draft: { ...draft, ...action.change } };
    case 'language': {
      const { language, version, name } = action;
      return {
        ...state,
        draft: { ...draft, language, version, files: changeFile(draft, draft.entry, { name }) },
      };
    }
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
      return state.undo ? takenBack(state.undo, state.shown) : state;
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

/** With files of new ids, since an editor keeps what it knows of an id. */
function takenBack({ before }: Undo, shown: string): PlaygroundState {
  const draft = withFreshIds(before.draft);
  return { draft, base: before.base, tab: draft.entry, undo: undefined, shown };
}

function withFreshIds(draft: Draft): Draft {
  const files = draft.files.map(({ name, content, encoding }) => newFile(name, content, encoding));
  const entry = draft.files.findIndex(({ id }) => id === draft.entry);
  return { ...draft, files, entry: files[Math.max(0, entry)]?.id ?? 0 };
}
