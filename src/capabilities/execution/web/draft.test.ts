import assert from 'node:assert/strict';
import { test } from 'node:test';
import { executionInputSchema } from '../schema.ts';
import { draftOf, inputOf, sameProgram } from './draft.ts';

const full = {
  language: 'c++',
  version: '12',
  files: [
    { name: 'a.h', content: '#define A 1' },
    { name: 'main.cpp', content: 'int main(){}' },
    { name: 'data', content: 'AAE=', encoding: 'base64' as const },
  ],
  entry: 'main.cpp',
  stdin: 'in\n',
  args: ['a b', `it's`, '', '--x=$y'],
  env: { A: '1', B: '' },
  limits: { wallMs: 5000 },
  models: ['default', 'openai/gpt-5'],
  output: { files: 1 },
  compile: { options: ['-O0'], limits: { cpuMs: 1 } },
};

test('an input becomes a draft and the same input again', () => {
  const draft = draftOf(full);
  assert.ok(draft);
  assert.deepEqual(inputOf(draft), full);
  assert.deepEqual(executionInputSchema.parse(inputOf(draft)), full);
  assert.ok(sameProgram(draft, draftOf(structuredClone(full)) ?? draft));
  assert.ok(!sameProgram(draft, { ...draft, stdin: 'other' }));
  const least = { language: 'bash', files: [{ name: 'main.sh', content: '' }] };
  assert.deepEqual(inputOf(draftOf(least) ?? draft), least);
});

test('arguments that are not closed have no input yet', () => {
  const draft = draftOf(full);
  assert.equal(draft && inputOf({ ...draft, args: `'open` }), undefined);
});

test('of what is no program nothing is taken, of what half fits the half', () => {
  for (const value of [
    null,
    1,
    'x',
    [],
    {},
    { language: 'x' },
    { language: 'x', files: [] },
    { language: 1, files: [1] },
  ])
    assert.equal(draftOf(value), undefined);
  const odd = {
    language: 'python',
    files: [
      null,
      { name: 1 },
      { name: 'a', content: 'x', encoding: 'utf9' },
      { name: 'main.py', content: 'x' },
    ],
    args: [1, 'a', null],
    env: { A: 1, B: 'b' },
    limits: { wallMs: 'x', cpuMs: 5 },
    stdin: {},
    compile: 'fast',
    __proto__: { entry: 'x' },
  };
  const draft = draftOf(odd);
  assert.deepEqual(draft && inputOf(draft), {
    language: 'python',
    files: [{ name: 'main.py', content: 'x' }],
    args: ['a'],
    env: { B: 'b' },
    limits: { cpuMs: 5 },
  });
});
