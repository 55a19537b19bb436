import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareTexts } from '../../../web/parts/compare-texts.ts';
import { programTexts } from './program-texts.ts';

const program = (content: string, more: object = {}) => ({
  language: 'python',
  files: [{ name: 'main.py', content }],
  ...more,
});
const differing = (before: unknown, after: unknown) => {
  const files = compareTexts(programTexts(before), programTexts(after));
  return files === 'too-large' ? files : files.map(({ name, added, removed }) => [name, added, removed]);
};

test('programs differ in their files, their input and how they are run', () => {
  assert.deepEqual(differing(program('a\n'), program('a\n')), []);
  assert.deepEqual(differing(program('a\n'), program('b\n', { stdin: 'x\n' })), [
    ['main.py', 1, 1],
    ['/dev/stdin', 1, 0],
  ]);
  assert.deepEqual(differing(program('a'), program('a', { version: '3.11' })), [['/settings', 1, 1]]);
});

test('a change in a file of base64 is a change in some lines of it', () => {
  const bytes = (last: string) => ({
    language: 'python',
    files: [{ name: 'a.bin', content: 'A'.repeat(760) + last, encoding: 'base64' }],
  });
  assert.deepEqual(differing(bytes('AAAA'), bytes('AAAB')), [['a.bin', 1, 1]]);
});
