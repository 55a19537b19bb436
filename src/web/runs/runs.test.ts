import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFilterSchema } from '../../contract/run-filter.ts';
import type { RunSummary } from '../../contract/run.ts';
import { mostInBulk } from '../../contract/run-bulk.ts';
import { mostAtOnce } from './bulk.ts';
import { complete, pieceAt, piecesOf, readFilter, tokenText, withToken } from './filter-text.ts';
import { holdFresh, mostFresh } from './list-pages.ts';
import { askedOf } from './run-query.ts';

const nobody = new Map<string, string>();
const noon = Date.parse('2026-11-21T12:00:30Z');

test('the filter field is read as tokens and text', () => {
  assert.deepEqual(readFilter('status:failed retry by:"Mira Okafor" repo:acme/web hooks'), {
    tokens: { status: 'failed', by: 'Mira Okafor', repo: 'acme/web' },
    words: 'retry hooks',
  });
  assert.deepEqual(readFilter('capability:execution status: http://x "two words" a:b'), {
    tokens: { kind: 'execution' },
    words: 'http://x two words a:b',
  });
  assert.deepEqual(readFilter('status:failed status:dead'), { tokens: { status: 'dead' }, words: '' });
});

test('hostile text is text', () => {
  for (const text of ['<script>', '":', '%_\\', ':::', '"', 'by:"', '\u202e', 'x'.repeat(10_000)]) {
    const { params } = askedOf(text, nobody, noon);
    assert.equal(runFilterSchema.safeParse(params).success, true, text.slice(0, 20));
  }
});

test('a token replaces those of its key, and goes with an empty value', () => {
  assert.equal(withToken('status:failed x', 'status', 'dead'), 'x status:dead');
  assert.equal(withToken('x status:failed y', 'status', ''), 'x y');
  assert.equal(tokenText('by', 'Mira Okafor'), 'by:"Mira Okafor"');
});

test('a completion replaces what is being typed and leaves the rest', () => {
  assert.deepEqual(pieceAt('x stat y', 6), { from: 2, to: 6, key: null, value: 'stat' });
  assert.deepEqual(complete('x stat y', 6, 'status:'), { text: 'x status: y', caret: 9 });
  assert.deepEqual(complete('x status:fa', 11, 'status:failed'), { text: 'x status:failed ', caret: 16 });
  assert.deepEqual(complete('x ', 2, 'by:'), { text: 'x by:', caret: 5 });
  assert.equal(piecesOf('status:failed').length, 1);
});

test('times count back from now, or name a day or a moment', () => {
  const after = (value: string) => askedOf(`after:${value}`, nobody, noon);
  assert.equal(after('7d').params.after, '2026-11-14T12:00:00.000Z');
  assert.equal(after('2026-11-20T08:30:00Z').params.after, '2026-11-20T08:30:00.000Z');
  assert.equal(after('2026-11-20').params.after, new Date('2026-11-20T00:00').toISOString());
  assert.deepEqual(after('soon'), { params: {}, ignored: ['after:soon'] });
});

test('what the server could not look for is named and left out', () => {
  const people = new Map([['mira okafor', 'u-1']]);
  const asked = askedOf(
    'status:failed,dead status:x by:"mira OKAFOR" origin:moon parent:1 kind:review',
    people,
    noon,
  );
  assert.deepEqual(asked, {
    params: { by: 'u-1', capability: 'review' },
    ignored: ['status:x', 'origin:moon', 'parent:1'],
  });
  assert.equal(askedOf('status:dead,failed', people, noon).params.status, 'failed,dead');
});

test('the page asks for as many runs at once as the server takes', () => {
  assert.equal(mostAtOnce, mostInBulk);
});

test('of new runs so many are held, and no more however many come', () => {
  const run = (at: number, title = '') => ({ id: `run-${at}`, title }) as RunSummary;
  let held: ReadonlyMap<string, RunSummary> = new Map();
  for (let at = 0; at < 3 * mostFresh; at += 1) held = holdFresh(held, run(at), true);
  assert.equal(held.size, mostFresh);
  assert.equal(holdFresh(held, run(2 * mostFresh), true), held);
  assert.equal(holdFresh(held, run(2 * mostFresh), false), held);
  assert.equal(holdFresh(held, run(1, 'changed'), true).get('run-1')?.title, 'changed');
  assert.equal(holdFresh(held, run(1), false).size, mostFresh - 1);
});
