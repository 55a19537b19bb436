import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftOf, newFile, type Draft } from '../draft.ts';
import { freeName, isChanged, playgroundReducer as reduce, startState } from './playground-state.ts';
import { keepDraft, keptDraft } from './stored-draft.ts';

function program(content = 'print(1)', more: object = {}): Draft {
  const draft = draftOf({ language: 'python', files: [{ name: 'main.py', content }], ...more });
  assert.ok(draft);
  return draft;
}

const start = (draft = program()) => startState(draft, { kind: 'example' });
const names = (draft: Draft) => draft.files.map(({ name }) => name);

function memory(room = Infinity) {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (value.length > room) throw new Error('QuotaExceededError');
      kept.set(key, value);
    },
  };
}

test('files are added, renamed and deleted, and a deletion can be taken back', () => {
  let state = start();
  state = reduce(state, { type: 'add', files: [newFile('a.txt', 'a'), newFile('b.txt', 'b')] });
  assert.deepEqual(names(state.draft), ['main.py', 'a.txt', 'b.txt']);
  const [main, a, b] = state.draft.files;
  assert.ok(main && a && b);
  assert.equal(state.tab, b.id);
  state = reduce(state, { type: 'rename', file: a.id, name: 'c.txt' });
  state = reduce(state, { type: 'entry', file: b.id });
  state = reduce(state, { type: 'delete', file: b.id });
  assert.deepEqual(
    [names(state.draft), state.draft.entry, state.tab],
    [['main.py', 'c.txt'], main.id, main.id],
  );
  state = reduce(state, { type: 'undo' });
  assert.deepEqual(
    [names(state.draft), state.draft.entry],
    [['main.py', 'c.txt', 'b.txt'], state.draft.files[2]?.id],
  );
  assert.equal(state.undo, undefined);
});

test('the last file stays, and a dropped file takes the place of one of its name', () => {
  let state = start();
  const [main] = state.draft.files;
  assert.ok(main);
  assert.equal(reduce(state, { type: 'delete', file: main.id }), state);
  const dropped = newFile('main.py', 'print(2)');
  state = reduce(state, { type: 'add', files: [dropped] });
  assert.deepEqual([state.draft.files, state.draft.entry], [[dropped], dropped.id]);
  assert.equal(freeName([newFile('new-1.py')], '.py'), 'new-2.py');
});

test('loading another program over changes can be taken back, over none it need not', () => {
  const other = program('print(2)');
  const load = { type: 'load', draft: other, base: { kind: 'link' }, name: 'link' } as const;
  assert.equal(reduce(start(), load).undo, undefined);
  const file = start();
  const changed = reduce(file, { type: 'edit', change: { args: `'open` } });
  assert.ok(isChanged(changed));
  const loaded = reduce(changed, load);
  assert.deepEqual([loaded.draft, isChanged(loaded), loaded.undo?.key], [other, false, 'undo.loaded']);
  const back = reduce(loaded, { type: 'undo' });
  assert.deepEqual([back.draft.args, isChanged(back)], [`'open`, true]);
});

test('what was saved is no change any more, also when it was edited since the save began', () => {
  let state = reduce(start(), { type: 'edit', change: { stdin: 'x' } });
  const sent = state.draft;
  const script = { id: '1', name: 's', version: 2, latest: 2, mayChange: true };
  assert.equal(isChanged(reduce(state, { type: 'saved', draft: sent, script })), false);
  state = reduce(state, { type: 'edit', change: { stdin: 'y' } });
  assert.equal(isChanged(reduce(state, { type: 'saved', draft: sent, script })), true);
});

test('a reload brings the program back as it stood, with where it came from, to whose it is', () => {
  const store = memory();
  const script = { id: '1', name: '<b>', version: 3, latest: 4, mayChange: false };
  let state = startState(program('a', { args: ['x y'], env: { A: 'b' }, limits: { wallMs: 1 } }), {
    kind: 'script',
    script,
  });
  state = reduce(state, { type: 'add', files: [newFile('bin', 'AAE=', 'base64')] });
  state = reduce(state, { type: 'entry', file: state.draft.files[1]?.id ?? 0 });
  state = reduce(state, {
    type: 'edit',
    change: { args: `'open "`, env: [{ name: '', value: 'v' }], mode: 'lines', stdin: 's' },
  });
  state = reduce(state, { type: 'shown', shown: 'run 1' });
  assert.ok(keepDraft(store, 'mira', state));
  assert.equal(keptDraft(store, 'jon'), undefined, 'somebody else in the same browser');
  const kept = keptDraft(store, 'mira');
  assert.ok(kept);
  const plain = (draft: Draft) => ({
    ...draft,
    files: draft.files.map(({ id, ...file }) => ({ ...file, main: id === draft.entry })),
    entry: 0,
  });
  assert.deepEqual(plain(kept.draft), plain(state.draft));
  assert.deepEqual(plain(kept.base.draft), plain(state.base.draft));
  assert.deepEqual([kept.shown, kept.base.script, isChanged(kept)], ['run 1', script, true]);
});

test('storage that is full, empty or spoilt is survived', () => {
  assert.equal(keepDraft(memory(10), 'mira', start()), false);
  assert.equal(keptDraft(memory(), 'mira'), undefined);
  for (const text of ['{', '1', '{}', '{"version":1}', '{"version":1,"draft":{},"base":{"draft":{}}}']) {
    assert.equal(keptDraft({ getItem: () => text, setItem: () => undefined }, 'mira'), undefined, text);
  }
});
