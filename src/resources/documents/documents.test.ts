import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import type { Actor } from '../../contract/user.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { createDocuments, type DocumentKind, type Documents } from './documents.ts';

const note: DocumentKind = { kind: 'note', maxDocuments: 1000, maxBytes: 10_000, maxTotalBytes: 100_000_000 };
const ada: Actor = { userId: 'ada', name: 'Ada', role: 'member' };
const bob: Actor = { userId: 'bob', name: 'Bob', role: 'member' };
const eve: Actor = { userId: 'eve', name: 'Eve', role: 'viewer' };
const root: Actor = { userId: 'root', name: 'Root', role: 'admin' };

let clone: TestDatabase;
let database: Database;
let documents: Documents;
before(async () => {
  clone = await testDatabase();
  database = openDatabase({ url: clone.url, poolSize: 8, onError: () => undefined });
  documents = createDocuments(database);
  await database.query(
    `INSERT INTO users (id, name, email) VALUES ('ada', 'Ada', 'a@x'), ('bob', 'Bob', 'b@x')`,
  );
});
after(async () => {
  await database.close();
  await clone.drop();
});

let count = 0;
const freshName = () => `note ${(count += 1)}`;
const make = (actor: Actor, more: { name?: string; content?: unknown; shared?: boolean } = {}) =>
  documents.create(actor, note, { name: freshName(), content: { text: 'one' }, ...more });

test('a document keeps every version as it was saved, with who said what about it', async () => {
  const hostile = { text: `\u0000'"\\\n😀\u202e</script>${'x'.repeat(5000)}` };
  const made = await documents.create(ada, note, { name: ' First ', content: hostile, note: 'begun' });
  assert.partialDeepStrictEqual(made, {
    name: 'First',
    version: 1,
    shown: 1,
    content: hostile,
    mayChange: true,
  });
  const saved = await documents.save(ada, note, made.id, {
    content: [2],
    expectedVersion: 1,
    note: 'second',
  });
  assert.partialDeepStrictEqual(saved, { version: 2, shown: 2, content: [2], note: 'second' });
  assert.deepEqual((await documents.open(ada, note, made.id, 1)).content, hostile);
  assert.deepEqual((await documents.open(ada, note, made.id)).content, [2]);

  const restored = await documents.restore(root, note, made.id, { version: 1 });
  assert.partialDeepStrictEqual(restored, { version: 3, content: hostile, note: 'Restored version 1' });
  const { items, next } = await documents.history(ada, note, made.id, { limit: 2 });
  assert.deepEqual(
    items.map(({ version, note, savedBy }) => [version, note, savedBy]),
    [
      [3, 'Restored version 1', { id: 'root', name: null }],
      [2, 'second', { id: 'ada', name: 'Ada' }],
    ],
  );
  const rest = await documents.history(ada, note, made.id, { limit: 2, cursor: next ?? '' });
  assert.deepEqual([rest.items.map(({ version }) => version), rest.next], [[1], null]);
  await assert.rejects(documents.open(ada, note, made.id, 4), { code: 'NOT_FOUND', message: /no version 4/ });
  await assert.rejects(documents.open(ada, { ...note, kind: 'other' }, made.id), { code: 'NOT_FOUND' });
});

test('of those who save at once one wins, and the others lose nothing', async () => {
  const { id } = await make(ada, { shared: true });
  const tries = await Promise.allSettled(
    Array.from({ length: 12 }, (_, index) =>
      documents.save(index % 2 === 0 ? ada : root, note, id, { content: { index }, expectedVersion: 1 }),
    ),
  );
  assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
  for (const each of tries) {
    if (each.status === 'fulfilled') continue;
    const { code, problems } = each.reason;
    assert.deepEqual(
      [code, problems],
      ['CONFLICT', [{ path: 'expectedVersion', message: 'the latest version is 2' }]],
    );
  }
  assert.equal((await documents.history(ada, note, id, { limit: 10 })).items.length, 2);
});

test('a save whose answer got lost answers the same when it is sent again', async () => {
  const { id } = await make(ada);
  const draft = { content: { a: [1, null, 'x'] }, expectedVersion: 1 };
  await documents.save(ada, note, id, draft);
  assert.equal((await documents.save(ada, note, id, draft)).version, 2);
  await assert.rejects(documents.save(root, note, id, draft), {
    code: 'CONFLICT',
    message: /^Ada saved version 2/,
  });
});

test('a private document is its owner’s and the admins’, a shared one everybody’s to see', async () => {
  const mine = await make(ada);
  const shared = await make(ada, { shared: true });
  for (const actor of [bob, eve]) {
    await assert.rejects(documents.open(actor, note, mine.id), { code: 'NOT_FOUND' });
    await assert.rejects(documents.save(actor, note, mine.id, { content: 1, expectedVersion: 1 }), {
      code: 'NOT_FOUND',
    });
    assert.equal((await documents.open(actor, note, shared.id)).mayChange, false);
    for (const change of [
      () => documents.save(actor, note, shared.id, { content: 1, expectedVersion: 1 }),
      () => documents.restore(actor, note, shared.id, { version: 1 }),
      () => documents.change(actor, note, shared.id, { shared: false }),
      () => documents.remove(actor, note, shared.id),
    ]) {
      await assert.rejects(change(), { code: 'FORBIDDEN', message: /Ada/ });
    }
    const { items } = await documents.list(actor, note, { limit: 200 });
    assert.ok(items.some(({ id }) => id === shared.id));
    assert.ok(!items.some(({ id }) => id === mine.id));
  }
  assert.equal((await documents.open(root, note, mine.id)).mayChange, true);
  assert.equal((await documents.change(root, note, mine.id, { name: freshName() })).owner.id, 'ada');
  await documents.change(ada, note, shared.id, { shared: false });
  await assert.rejects(documents.history(bob, note, shared.id, { limit: 1 }), { code: 'NOT_FOUND' });
  const whose = async (actor: Actor, kind: 'mine' | 'shared') =>
    (await documents.list(actor, note, { limit: 200, whose: kind })).items.map(({ owner }) => owner.id);
  assert.ok((await whose(ada, 'mine')).every((owner) => owner === 'ada'));
  assert.ok(!(await whose(ada, 'shared')).includes('ada'));
});

test('a deleted document comes back until it is purged, and its name is free meanwhile', async () => {
  const name = freshName();
  const { id } = await make(ada, { name, shared: true });
  await documents.save(ada, note, id, { content: 2, expectedVersion: 1 });
  await documents.remove(ada, note, id);
  await assert.rejects(documents.open(ada, note, id), { code: 'NOT_FOUND' });
  await assert.rejects(documents.save(ada, note, id, { content: 3, expectedVersion: 2 }), {
    code: 'NOT_FOUND',
  });
  assert.deepEqual(
    (await documents.list(ada, note, { limit: 5, whose: 'deleted' })).items.map((each) => each.id),
    [id],
  );
  assert.deepEqual((await documents.list(bob, note, { limit: 5, whose: 'deleted' })).items, []);

  const other = await make(ada, { name });
  await assert.rejects(documents.undelete(ada, note, id), { code: 'CONFLICT' });
  await documents.remove(ada, note, other.id);
  await assert.rejects(documents.undelete(bob, note, id), { code: 'FORBIDDEN' });
  assert.partialDeepStrictEqual(await documents.undelete(ada, note, id), { version: 2, deletedAt: null });

  await database.query(`UPDATE documents SET deleted_at = now() - interval '31 days' WHERE id = $1`, [
    other.id,
  ]);
  assert.equal(await documents.purge(30), 1);
  const left = await database.query('SELECT 1 FROM document_versions WHERE document_id = $1', [other.id]);
  assert.deepEqual(left, []);
  assert.equal((await documents.open(ada, note, id)).version, 2);
});

test('names are text that is kept as it is, or refused with the reason', async () => {
  const good = [
    `<img src=x onerror=alert(1)>`,
    `'; DROP TABLE documents; --`,
    '😀 été',
    '%_\\',
    'x'.repeat(120),
  ];
  for (const name of good) {
    const { id } = await make(bob, { name });
    assert.equal((await documents.open(bob, note, id)).name, name);
    const { items } = await documents.list(bob, note, { limit: 5, text: name.slice(0, 50), whose: 'mine' });
    assert.deepEqual(
      items.map((each) => each.id),
      [id],
      name,
    );
  }
  for (const name of ['', ' ', 'a\0b', 'a\nb', 'a\u202eb', '\ud800', 'x'.repeat(121)]) {
    await assert.rejects(make(bob, { name }), { code: 'INPUT_INVALID' }, JSON.stringify(name));
  }
  const { id } = await make(bob, { name: 'Taken' });
  await assert.rejects(make(bob, { name: 'tAKEN' }), { code: 'CONFLICT', message: /Give another name/ });
  const other = await make(bob);
  await assert.rejects(documents.change(bob, note, other.id, { name: 'taken' }), { code: 'CONFLICT' });
  assert.equal((await documents.change(bob, note, id, { name: 'TAKEN' })).name, 'TAKEN');
  assert.equal((await make(ada, { name: 'Taken' })).version, 1, 'somebody else may use the name');
});

test('a list goes on where its cursor says, also while documents change', async () => {
  const actor: Actor = { userId: 'lister', name: 'L', role: 'member' };
  const made = [];
  for (let index = 0; index < 7; index += 1) made.push((await make(actor)).id);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await documents.list(actor, note, { limit: 3, whose: 'mine', cursor });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.next ?? undefined;
    if (seen.length === 3)
      await documents.save(actor, note, made[6] ?? '', { content: 9, expectedVersion: 1 });
  } while (cursor);
  assert.deepEqual(seen, made.toReversed());
  for (const bad of ['', 'x', '1_x', `99999999999999999_${made[0]}`, '\0']) {
    await assert.rejects(documents.list(actor, note, { limit: 3, cursor: bad }), { code: 'INPUT_INVALID' });
  }
});

test('size and number are limited, also for many at once', async () => {
  const actor: Actor = { userId: 'hoarder', name: 'H', role: 'member' };
  const small: DocumentKind = { kind: 'small', maxDocuments: 3, maxBytes: 100, maxTotalBytes: 2000 };
  await assert.rejects(documents.create(actor, small, { name: 'a', content: 'x'.repeat(100) }), {
    code: 'INPUT_INVALID',
    message: /takes 102 bytes/,
  });
  const tries = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) =>
      documents.create(actor, small, { name: `n${index}`, content: 1 }),
    ),
  );
  const made = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value.id] : []));
  assert.equal(made.length, 3);
  const [first = ''] = made;
  const fill = async () => {
    for (let version = 1; ; version += 1)
      await documents.save(actor, small, first, { content: version, expectedVersion: version });
  };
  await assert.rejects(fill(), { code: 'LIMIT_REACHED', message: /1 KiB/ });
  await documents.remove(actor, small, first);
  await assert.rejects(documents.create(actor, small, { name: 'more', content: 1 }), {
    code: 'LIMIT_REACHED',
  });
});
