import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputProblems } from '../../contract/problem.ts';
import { executionInputSchema, fileContent } from './schema.ts';

const hello = { language: 'python', files: [{ name: 'main.py', content: 'print(1)' }] };

function problems(input: unknown): string[] {
  const parsed = executionInputSchema.safeParse(input);
  return parsed.success ? [] : inputProblems(parsed.error).map(({ path, message }) => `${path}: ${message}`);
}

function file(name: string, content = '', encoding?: string) {
  return { ...hello, files: [{ name, content, ...(encoding === undefined ? {} : { encoding }) }] };
}

test('the smallest and the fullest request are taken', () => {
  assert.deepEqual(problems(hello), []);
  const full = {
    ...hello,
    version: '3.x',
    files: [...hello.files, { name: 'data/x.bin', content: '/wA=', encoding: 'base64' }],
    entry: 'main.py',
    stdin: 'a\0b',
    args: ['--x', 'ü', ''],
    env: { A_1: 'x=y\nz' },
    limits: {
      wallMs: 1,
      cpuMs: 1,
      memoryBytes: 67_108_864,
      processes: 1,
      outputBytes: 1,
      fileBytes: 0,
      diskBytes: 1_048_576,
    },
    compile: { options: ['-O0'], limits: { wallMs: 5000 } },
  };
  assert.deepEqual(problems(full), []);
});

test('an unknown field is named at every level', () => {
  assert.deepEqual(problems({ ...hello, langauge: 'x' }), ['langauge: unknown field']);
  assert.deepEqual(problems({ ...hello, files: [{ name: 'a', content: '', mode: 7 }] }), [
    'files[0].mode: unknown field',
  ]);
  assert.deepEqual(problems({ ...hello, limits: { wall: 7 } }), ['limits.wall: unknown field']);
});

test('a hostile file name is refused at its place', () => {
  assert.match(
    problems(file('../../etc/passwd'))[0] ?? '',
    /^files\[0\]\.name: must not hold the part "\.\."/,
  );
  assert.match(problems(file('a\0.py'))[0] ?? '', /^files\[0\]\.name: .*control/);
});

test('files must be some, few, distinct, and fit on the disk that is asked for', () => {
  assert.match(problems({ ...hello, files: [] })[0] ?? '', /a file to run/);
  const many = Array.from({ length: 10_000 }, (_, index) => ({ name: `f${index}`, content: '' }));
  assert.deepEqual(problems({ ...hello, files: many }), ['files: must hold at most 200 files']);
  const twice = { ...hello, files: [...hello.files, ...hello.files] };
  assert.deepEqual(problems(twice), ['files[1].name: "main.py" is there twice']);
  const large = { ...file('a', 'x'.repeat(70_000)), limits: { diskBytes: 65_536 } };
  assert.deepEqual(problems(large), ['files: take 70000 bytes, more than the diskBytes of 65536']);
});

test('base64 is checked strictly and decoded', () => {
  for (const bad of ['a', '====', 'YQ', 'YR==', 'Y Q==', 'YQ==\n', 'Y-_=', 'é===']) {
    assert.match(
      problems(file('a', bad, 'base64'))[0] ?? 'taken',
      /^files\[0\]\.content: must be base64/,
      bad,
    );
  }
  assert.deepEqual(problems(file('a', 'YQ==', 'base64')), []);
  assert.deepEqual([...fileContent({ name: 'a', content: '/wA=', encoding: 'base64' })], [255, 0]);
  assert.match(problems(file('a', '', 'utf-8'))[0] ?? '', /^files\[0\]\.encoding/);
});

test('half of a surrogate pair is no text, a NUL is in a file but not in an argument', () => {
  assert.match(problems(file('a', '\ud800'))[0] ?? '', /^files\[0\]\.content: .*surrogate/);
  assert.match(problems({ ...hello, stdin: '\udc00' })[0] ?? '', /^stdin: .*surrogate/);
  assert.deepEqual(problems(file('a', 'x\0y')), []);
  assert.match(problems({ ...hello, args: ['a\0'] })[0] ?? '', /^args\[0\]: .*NUL/);
  assert.match(problems({ ...hello, env: { A: '\0' } })[0] ?? '', /^env\.A: .*NUL/);
});

test('limits are whole numbers between the least and the most', () => {
  const wrong = { wallMs: 0, cpuMs: -1, memoryBytes: 4_294_967_296, processes: 1.5, outputBytes: 1e12 };
  const found = problems({ ...hello, limits: wrong }).map((problem) => problem.split(':')[0]);
  assert.deepEqual(
    found,
    Object.keys(wrong).map((name) => `limits.${name}`),
  );
});

test('arguments and variables are bounded, and variables have names', () => {
  assert.match(problems({ ...hello, env: { 'A-B': '' } })[0] ?? '', /^env\.A-B/);
  assert.match(problems({ ...hello, env: { '': '' } })[0] ?? '', /^env/);
  assert.match(problems({ ...hello, args: Array(257).fill('') })[0] ?? '', /at most 256/);
  assert.match(problems({ ...hello, args: ['x'.repeat(131_072)] })[0] ?? '', /131071 bytes/);
  assert.match(problems({ ...hello, args: Array(10).fill('x'.repeat(100_000)) })[0] ?? '', /together/);
});

test('the entry is one of the files', () => {
  assert.deepEqual(problems({ ...hello, entry: 'other.py' }), [
    'entry: must be the name of one of the files',
  ]);
});
