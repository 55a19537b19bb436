import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InboxItem } from '../../contract/inbox.ts';
import { freshItems, isQuiet } from './notices.ts';

const item = (id: string, kind: InboxItem['kind'], second: number) =>
  ({ id, kind, createdAt: `2026-01-01T00:00:0${second}.000Z` }) as InboxItem;
const wanted = { waiting: ['browser' as const], failed: ['email' as const] };

test('the first look tells nothing, later ones what is new and wanted, each once', () => {
  const first = freshItems([item('a', 'question', 1)], null, wanted);
  assert.deepEqual(first.fresh, []);
  const items = [item('b', 'question', 2), item('a', 'question', 1), item('c', 'failed', 3)];
  const second = freshItems(items, first.known, wanted);
  assert.deepEqual(
    second.fresh.map(({ id }) => id),
    ['b'],
  );
  assert.deepEqual(freshItems(items, second.known, wanted).fresh, []);
});

test('an old item that comes into view, because newer ones went, is no news', () => {
  const { known } = freshItems([item('b', 'question', 5)], null, wanted);
  assert.deepEqual(freshItems([item('old', 'question', 1)], known, wanted).fresh, []);
});

test('quiet hours hold over midnight and by their own time zone', () => {
  const quiet = { from: '22:00', to: '07:00', timeZone: 'Asia/Tokyo' };
  assert.equal(isQuiet(quiet, new Date('2026-01-01T13:30:00Z')), true);
  assert.equal(isQuiet(quiet, new Date('2026-01-01T22:30:00Z')), false);
  assert.equal(isQuiet(null, new Date()), false);
});
