import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftOf } from '../draft.ts';
import type { OfferedLanguage } from '../queries.ts';
import { playgroundReducer as reduce, startState, type PlaygroundState } from './playground-state.ts';
import { emptyDraft, switchLanguage } from './switch-language.ts';

const language = (name: string, extension: string): OfferedLanguage => ({
  ...{ name, aliases: [], versions: ['2', '1'], extensions: [extension], compiled: false, warm: false },
  ...{ highlight: name, fileName: `main${extension}` },
  examples: [{ id: 'hello', files: [{ name: `main${extension}`, content: `hello in ${name}` }] }],
});
const offered = [language('python', '.py'), language('ruby', '.rb')];

function start(content: string): PlaygroundState {
  const draft = draftOf({ language: 'python', files: [{ name: 'main.py', content }] });
  assert.ok(draft);
  return startState(draft, { kind: 'example' });
}

function switched(state: PlaygroundState, name: string, version = ''): PlaygroundState {
  return reduce(state, switchLanguage(state, name, version, offered));
}

test('an example that nobody has touched gives way to one in the new language', () => {
  const { draft, undo } = switched(start('x'), 'ruby', '1');
  assert.deepEqual(
    [draft.language, draft.version, draft.files.map(({ name, content }) => [name, content]), undo],
    ['ruby', '1', [['main.rb', 'hello in ruby']], undefined],
  );
});

test('a program of one’s own stays, its entry under the new ending where that is free', () => {
  const begun = start('x');
  const own = reduce(begun, { type: 'write', file: begun.draft.entry, content: 'mine' });
  assert.deepEqual(
    switched(own, 'ruby').draft.files.map(({ name, content }) => [name, content]),
    [['main.rb', 'mine']],
  );
  const renamed = reduce(own, { type: 'rename', file: own.draft.entry, name: 'program' });
  assert.deepEqual(
    [switched(renamed, 'ruby').draft.language, switched(renamed, 'ruby').draft.files[0]?.name],
    ['ruby', 'program'],
  );
  assert.equal(switched(own, 'python', '1').draft.version, '1');
});

test('an empty program has one file of the language’s own name', () => {
  const { files, language: name } = emptyDraft(start('x').draft, offered);
  assert.deepEqual([name, files.map((file) => [file.name, file.content])], ['python', [['main.py', '']]]);
});
