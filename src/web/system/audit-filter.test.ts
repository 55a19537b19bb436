import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditFilterSchema } from '../../contract/audit.ts';
import { exportAddress, filtersOf, queryOf, shortId } from './audit-filter.ts';

test('an address says what is filtered, and nonsense in it says nothing', () => {
  const search = { user: 'u', kind: 'keys', target: 7, outcome: 'done', time: 'day' };
  assert.deepEqual(filtersOf(search), { ...search, target: '7' });
  assert.deepEqual(filtersOf({ user: ['a'], outcome: 'maybe', time: 'century', other: 1 }), {});
});

test('ids are shown by their ends, and names as they are', () => {
  assert.equal(shortId('01a1fe6c-4709-7683-9579-02a17c10e4ff'), '01a1fe6c…10e4ff');
  assert.equal(shortId('GITHUB_TOKEN'), 'GITHUB_TOKEN');
});

test('filters become what the API takes', () => {
  const query = queryOf({ user: 'u', time: 'hour' }, Date.parse('2026-01-02T03:00:00Z'));
  assert.deepEqual(query, { user: 'u', since: '2026-01-02T02:00:00.000Z' });
  assert.ok(auditFilterSchema.safeParse(query).success);
  assert.equal(
    exportAddress({ target: 'a b&c' }, 'json', 0),
    '/api/v1/audit/export?target=a+b%26c&format=json',
  );
});
