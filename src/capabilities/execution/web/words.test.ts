import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { joinWords, splitWords } from './words.ts';

test('a line becomes the words that a shell makes of it', () => {
  const lines = [
    'a b  c',
    `--name 'two words' "and $(no)"`.replace('$(no)', 'three'),
    `a\\ b "x\\"y" 'it'\\''s' ""`,
    `"a\\b" "\\\\" \\'`,
    'ü 日本 "😀 x"',
    `a\\\nb "c\\\nd"`,
    'tab\there',
  ];
  for (const line of lines) {
    const shell = execFileSync('bash', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
    assert.deepEqual(splitWords(line).words, shell.split('\0').slice(0, -1), line);
  }
});

test('nothing is expanded', () => {
  assert.deepEqual(splitWords('$HOME * ~ `id` $(id) {a,b} #x ; |').words, [
    ...['$HOME', '*', '~', '`id`', '$(id)', '{a,b}', '#x', ';', '|'],
  ]);
});

test('what is not closed is a problem', () => {
  assert.deepEqual(splitWords(`'a`), { problem: 'quote' });
  assert.deepEqual(splitWords(`a "b`), { problem: 'quote' });
  assert.deepEqual(splitWords('a\\'), { problem: 'backslash' });
  assert.deepEqual(splitWords('  \n '), { words: [] });
});

test('joined words come apart as they were', () => {
  const words = ['', 'a b', `it's`, '"', '\\', '\n', '$x', '😀', '--a=b/c', "''", '\u202e', 'x'.repeat(1000)];
  assert.deepEqual(splitWords(joinWords(words)).words, words);
});
