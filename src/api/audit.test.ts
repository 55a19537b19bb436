import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adding } from '../../test/support/stories.ts';
import { send, withApi, type TestApi } from '../../test/support/with-api.ts';
import { createAudit } from '../resources/audit.ts';
import { expireAudit } from '../resources/audit-retention.ts';
import { createLogger } from '../base/logger.ts';
import { firstIdAt } from '../base/ids.ts';

const capabilities = [adding];
const add = { capability: 'adding', input: { a: 1, b: 2 } };
const acts = async ({ db }: Pick<TestApi, 'db'>) =>
  db.query<{ name: string; operation: string; target: string; changes: object; code: string | null }>(
    'SELECT name, operation, target, changes, code FROM audit ORDER BY id',
  );

test('who changed what on whom is written down, by the name of the time and without what is secret', () =>
  withApi({ capabilities }, async (api) => {
    const admin = await api.join('admin', 'ada');
    const password = 'canary correct horse';
    const made = await admin.send('POST', '/api/v1/users', {
      name: 'Ben',
      email: 'ben@example.com',
      role: 'member',
      password,
    });
    assert.equal(made.status, 201);
    const id: string = made.body.id;
    await admin.send('PATCH', `/api/v1/users/${id}`, { role: 'viewer' });
    await admin.send('POST', `/api/v1/users/${id}/password`, { password });
    await admin.send('PATCH', `/api/v1/users/${admin.id}`, { name: 'Adele' });
    await admin.send('DELETE', `/api/v1/users/${id}`);
    assert.deepEqual(await acts(api), [
      {
        name: 'ada',
        operation: 'POST /users',
        target: id,
        changes: { name: 'Ben', email: 'ben@example.com', role: 'member' },
        code: null,
      },
      { name: 'ada', operation: 'PATCH /users/:id', target: id, changes: { role: 'viewer' }, code: null },
      { name: 'ada', operation: 'POST /users/:id/password', target: id, changes: {}, code: null },
      {
        name: 'ada',
        operation: 'PATCH /users/:id',
        target: admin.id,
        changes: { name: 'Adele' },
        code: null,
      },
      { name: 'Adele', operation: 'DELETE /users/:id', target: id, changes: {}, code: null },
    ]);
    const [row] = await api.db.query(`SELECT string_agg(a::text, '') AS everything FROM audit a`);
    assert.doesNotMatch(String(row?.['everything']), /canary/);
  }));

test('what a role does not allow is written down, also where a run needs no entry; strangers and reading are not', () =>
  withApi({ capabilities }, async (api) => {
    const [viewer, member] = [await api.join('viewer', 'vi'), await api.join('member', 'mia')];
    await viewer.send('POST', '/api/v1/runs', add);
    await member.send('POST', '/api/v1/users', { name: 'x' });
    await member.send('POST', '/api/v1/runs', add);
    await member.send('GET', '/api/v1/runs');
    await send(`${api.address}/api/v1/runs`, 'POST', add);
    assert.deepEqual(
      (await acts(api)).map(({ name, operation, code }) => [name, operation, code]),
      [
        ['vi', 'POST /runs', 'FORBIDDEN'],
        ['mia', 'POST /users', 'FORBIDDEN'],
      ],
    );
  }));

test('signing in and out, wrong passwords, lockouts and links are written down', () =>
  withApi({ capabilities }, async (api) => {
    await api.join('member', 'ada');
    const origin = { origin: api.address };
    const signIn = (password: string, email = 'ada@example.com') =>
      send(`${api.address}/api/auth/sign-in/email`, 'POST', { email, password }, origin);
    const good = await signIn('correct horse battery');
    const cookie = good.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
    await send(`${api.address}/api/auth/sign-out`, 'POST', {}, { cookie, ...origin });
    for (let count = 0; count < 6; count += 1) await signIn('canary wrong password');
    await signIn('canary wrong password', 'canary typed into the wrong field');
    await send(`${api.address}/api/auth/get-session`, 'GET', undefined, { cookie });
    const rows = await acts(api);
    assert.deepEqual(
      rows.map(({ name, operation, code, changes }) => [name, operation.split('/').at(-1), code, changes]),
      [
        ['ada', 'email', null, { email: 'ada@example.com' }],
        ['ada', 'sign-out', null, {}],
        ...Array.from({ length: 5 }, () => ['', 'email', 'UNAUTHENTICATED', { email: 'ada@example.com' }]),
        ['', 'email', 'ACCOUNT_LOCKED', { email: 'ada@example.com' }],
        ['', 'email', rows.at(-1)?.code, {}],
      ],
    );
    assert.doesNotMatch(JSON.stringify(rows), /canary/);
  }));

test('entries are only ever added; the retention alone takes old ones away', () =>
  withApi({ capabilities }, async (api) => {
    const admin = await api.join('admin', 'ada');
    await admin.send('POST', '/api/v1/keys', { name: 'k', role: 'viewer' });
    for (const statement of [
      `UPDATE audit SET name = 'somebody else'`,
      'DELETE FROM audit',
      'TRUNCATE audit',
      'TRUNCATE audit CASCADE',
    ]) {
      await assert.rejects(api.db.query(statement), /only added to/, statement);
    }
    const old = firstIdAt(Date.now() - 40 * 86_400_000);
    await api.db.query(
      `INSERT INTO audit SELECT '${old}', now() - interval '40 days', user_id, key_id, name, address, operation, summary, kind, target, changes, status, code FROM audit LIMIT 1`,
    );
    assert.equal(await expireAudit(api.db, 0), 0);
    assert.equal(await expireAudit(api.db, 30), 1);
    assert.equal((await acts(api)).length, 1);
    await assert.rejects(
      api.db.query('DELETE FROM audit'),
      /only added to/,
      'its leave ends with its transaction',
    );
  }));

test('admins find entries by who, what, on what, when and how it went, page by page; nobody else sees any', () =>
  withApi({ capabilities }, async ({ db, join }) => {
    const audit = createAudit(db, createLogger('silent'));
    const { list } = audit;
    const [ada, ben] = [await join('admin', 'ada'), await join('member', 'ben')];
    const key = await ada.send('POST', '/api/v1/keys', { name: 'first', role: 'viewer' });
    for (let count = 0; count < 5; count += 1) await ben.send('POST', '/api/v1/invitations', {});
    await ada.send('DELETE', `/api/v1/keys/${key.body.id}`);
    const found = async (filter: Parameters<typeof list>[0]) =>
      (await list(filter)).items.map(({ operation }) => operation);
    assert.deepEqual(await found({ user: ada.id, limit: 9 }), ['DELETE /keys/:id', 'POST /keys']);
    assert.deepEqual(await found({ target: key.body.id, limit: 9 }), ['DELETE /keys/:id', 'POST /keys']);
    assert.equal((await found({ kind: 'invitations', limit: 9 })).length, 5);
    assert.equal((await found({ outcome: 'refused', limit: 9 })).length, 5);
    assert.equal((await found({ outcome: 'done', limit: 9 })).length, 2);
    assert.equal((await found({ since: new Date(Date.now() - 60_000).toISOString(), limit: 9 })).length, 7);
    assert.equal((await found({ until: new Date(Date.now() - 60_000).toISOString(), limit: 9 })).length, 0);
    const pages: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: 2, cursor });
      pages.push(...page.items.map(({ id }) => id));
      cursor = page.next ?? undefined;
    } while (cursor);
    assert.deepEqual(pages, pages.toSorted().toReversed());
    assert.equal(new Set(pages).size, 7);
    await assert.rejects(list({ limit: 2, cursor: 'x' }), { code: 'INPUT_INVALID' });
  }));

test('the export is a file: no text in it is a formula, and members get none', () =>
  withApi({ capabilities }, async ({ join }) => {
    const [ada, ben] = [await join('admin', 'ada'), await join('member', 'ben')];
    await ada.send('PATCH', `/api/v1/users/${ada.id}`, { name: '=HYPERLINK("http://evil.example")' });
    await ada.send('POST', '/api/v1/keys', { name: '<script>alert(1)</script>', role: 'viewer' });
    const csv = await ada.send('GET', '/api/v1/audit/export');
    assert.match(csv.headers.get('content-type') ?? '', /^text\/csv/);
    assert.match(csv.headers.get('content-disposition') ?? '', /attachment; filename="gantry-audit.csv"/);
    const lines = String(csv.body).trim().split('\r\n');
    assert.equal(lines.length, 3);
    assert.match(lines[1] ?? '', /"'=HYPERLINK\(""http/);
    const json = await ada.send('GET', '/api/v1/audit/export?format=json&kind=keys');
    assert.equal(json.body.length, 1);
    assert.equal(json.body[0].changes.name, '<script>alert(1)</script>');
    assert.equal((await ada.send('GET', '/api/v1/audit/export?format=json&kind=none')).body.length, 0);
    for (const path of ['/api/v1/audit', '/api/v1/audit/export']) {
      assert.equal((await ben.send('GET', path)).status, 403);
    }
  }));

test('hostile names and values are stored as text, NUL and length included', () =>
  withApi({ capabilities }, async ({ db }) => {
    const audit = createAudit(db, createLogger('silent'));
    const name = `a\0b\u202e<img src=x onerror=alert(1)>${'x'.repeat(10_000)}`;
    await audit.record({
      by: { userId: name, keyId: null, name },
      address: name,
      operation: name,
      summary: name,
      kind: name,
      target: name,
      changes: { [name]: '\0', deep: [{ lone: '\ud800' }] },
      status: 200,
      code: null,
    });
    const [entry] = (await audit.list({ limit: 1 })).items;
    assert.equal(entry?.by.name.length, 200);
    assert.ok(entry?.by.name.startsWith('a\u{fffd}b\u202e<img'));
  }));
