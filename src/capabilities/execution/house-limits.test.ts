import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instanceOnlyDefaults } from '../../contract/settings.ts';
import { beyondHouse, withHouseLimits } from './house-limits.ts';
import { languages } from './languages/table.ts';
import type { ExecutionInput } from './schema.ts';

const MiB = 1024 ** 2;
const input: ExecutionInput = { language: 'python', files: [{ name: 'main.py', content: '' }] };
const house = (some: Partial<Record<keyof typeof instanceOnlyDefaults, number>>) => ({
  ...instanceOnlyDefaults,
  ...some,
});
const language = (name: string) => languages.find((each) => each.name === name);

test('a program that names no limit gets what the admins set, and what it names stays', () => {
  const set = house({ executionWallMs: 3000, executionMemoryBytes: 64 * MiB });
  assert.deepEqual(withHouseLimits(input, language('python'), set).limits, {
    wallMs: 3000,
    memoryBytes: 64 * MiB,
  });
  const asked = { ...input, limits: { wallMs: 7000, processes: 3 } };
  assert.deepEqual(withHouseLimits(asked, language('python'), set).limits, {
    wallMs: 7000,
    processes: 3,
    memoryBytes: 64 * MiB,
  });
});

test('as long as nothing is set, a request stays as it is', () => {
  for (const each of languages) assert.equal(withHouseLimits(input, each, house({})), input, each.name);
});

test('a language that needs more memory keeps it, up to the most', () => {
  const java = language('java');
  const set = house({ executionMemoryBytes: 64 * MiB });
  assert.equal(withHouseLimits(input, java, set).limits, undefined);
  const small = house({ executionMemoryBytes: 64 * MiB, executionMemoryBytesMost: 128 * MiB });
  assert.equal(withHouseLimits(input, java, small).limits?.memoryBytes, 128 * MiB);
});

test('what goes beyond is named with its place; the time of an interactive program is its own', () => {
  const set = house({ executionWallMsMost: 5000, executionMemoryBytesMost: 64 * MiB });
  const asked = { ...input, limits: { wallMs: 6000, memoryBytes: 65 * MiB } };
  assert.deepEqual(
    beyondHouse(asked, set).map(({ path }) => path.join('.')),
    ['limits.wallMs', 'limits.memoryBytes'],
  );
  assert.equal(beyondHouse({ ...asked, interactive: true }, set).length, 1);
  assert.deepEqual(beyondHouse({ ...input, limits: { wallMs: 5000 } }, set), []);
});
