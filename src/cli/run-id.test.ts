import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../base/ids.ts';
import { shortIds } from './run-id.ts';

test('ids are shown as short as they can be told apart', () => {
  const one = '01a1fdca-d1cf-72d4-a60c-440b99d433b4';
  const later = '01a1fdca-d2a8-7757-bd30-bc74228a473d';
  const twin = '01a1fdca-d1cf-72d4-b60c-440b99d433b4';
  assert.deepEqual(Object.fromEntries(shortIds([later, one])), {
    [one]: one.slice(0, 13),
    [later]: later.slice(0, 13),
  });
  assert.deepEqual(Object.fromEntries(shortIds([one, twin])), {
    [one]: one.slice(0, 20),
    [twin]: twin.slice(0, 20),
  });
  const [made] = shortIds([newId()]).values();
  assert.equal(made?.length, 13);
});
