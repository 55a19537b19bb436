import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { readRaw, sendRaw } from '../../test/support/raw-http.ts';
import { adding } from '../../test/support/stories.ts';
import { send, withApi, type Answer } from '../../test/support/with-api.ts';
import { GantryError, errorTable } from '../base/errors.ts';
import { createLogger } from '../base/logger.ts';
import { route } from '../contract/api.ts';
import { problemSchema } from '../contract/problem.ts';

const capabilities = [adding];

function assertProblem({ status, headers, body }: Answer, expected: keyof typeof errorTable): void {
  assert.equal(status, errorTable[expected].status, JSON.stringify(body));
  assert.equal(headers.get('content-type'), 'application/problem+json');
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  problemSchema.parse(body);
  assert.equal(body.code, expected);
  assert.equal(body.type, `/docs/errors#${expected}`);
  assert.equal(body.requestId, headers.get('x-request-id'));
}

test('a body that does not fit names all that is wrong, each at its place', () =>
  withApi({ capabilities }, async ({ join, db }) => {
    const member = await join('member');
    const answer = await member.send('POST', '/api/v1/runs', {
      capability: 5,
      priority: 'urgent',
      budget: { usd: -1, euro: 1 },
      extra: true,
    });
    assertProblem(answer, 'INPUT_INVALID');
    const paths = answer.body.problems.map((problem: { path: string }) => problem.path);
    assert.deepEqual(paths.toSorted(), [
      'budget.euro',
      'budget.usd',
      'capability',
      'extra',
      'input',
      'priority',
    ]);
    const nested = await member.send('POST', '/api/v1/runs', { capability: 'adding', input: { a: 'x' } });
    assertProblem(nested, 'INPUT_INVALID');
    assertProblem(await member.send('POST', '/api/v1/runs'), 'INPUT_INVALID');
    assertProblem(
      await member.send('POST', '/api/v1/runs', { capability: 'none', input: {} }),
      'INPUT_INVALID',
    );
    assertProblem(
      await member.send('POST', '/api/v1/runs', { capability: 'adding', input: 1, priority: null }),
      'INPUT_INVALID',
    );
    assert.equal((await db.query('SELECT FROM runs')).length, 0, 'nothing is left behind');
  }));

test('a body that is no JSON, no UTF-8, too deep or poisoned is refused', () =>
  withApi({ capabilities }, async ({ address, join }) => {
    const member = await join('member');
    const bodies: (string | Uint8Array<ArrayBuffer>)[] = [
      '{',
      '[]',
      'null',
      '"text"',
      '{"a":1}}',
      '{"capability":"adding","input":{"__proto__":{"a":1}}}',
      '['.repeat(20_000),
      `{"capability":"adding","input":${'['.repeat(200)}${']'.repeat(200)}}`,
      new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
    ];
    for (const body of bodies) {
      const answer = await fetch(`${address}/api/v1/runs`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${member.key}`, 'content-type': 'application/json' },
      });
      const { status, headers } = answer;
      assertProblem({ status, headers, body: await answer.json() }, 'INPUT_INVALID');
    }
  }));

test('a body that is too large or of another kind is refused', () =>
  withApi({ capabilities }, async ({ address, join }) => {
    const member = await join('member');
    const auth = { authorization: `Bearer ${member.key}` };
    const large = { capability: 'adding', input: 'x'.repeat(70_000) };
    assertProblem(await member.send('POST', '/api/v1/runs', large), 'BODY_TOO_LARGE');
    const chunked = await fetch(`${address}/api/v1/runs`, {
      method: 'POST',
      headers: { ...auth, 'content-type': 'application/json' },
      body: new Blob(['x'.repeat(70_000)]).stream(),
      duplex: 'half',
    } as RequestInit);
    assert.equal(chunked.status, 413);
    for (const type of [
      'text/plain',
      'application/xml',
      'multipart/form-data; boundary=x',
      'application/jsonx',
      'nonsense',
    ]) {
      const answer = await member.send('POST', '/api/v1/runs', {}, { 'content-type': type });
      assertProblem(answer, 'MEDIA_TYPE_UNSUPPORTED');
    }
    const none = await fetch(`${address}/api/v1/runs/x/cancel`, {
      method: 'POST',
      headers: auth,
      body: '{"a":1}',
    });
    assert.equal(none.status, 415);
    const ignored = await member.send('POST', '/api/v1/runs/x/cancel', { a: 1 });
    assertProblem(ignored, 'INPUT_INVALID');
  }));

test('an unknown address is not found, and a known one says which methods it takes', () =>
  withApi({ capabilities }, async ({ address, join }) => {
    const member = await join('member');
    for (const path of [
      '/nothing',
      '/api/v1',
      '/api/v1/',
      '/api/v1/runs/',
      '/api/v2/runs',
      '//api/v1/runs',
      '/api/v1/runs/x/y/z',
    ]) {
      assertProblem(await member.send('GET', path), 'NOT_FOUND');
    }
    const wrong = await member.send('PUT', '/api/v1/runs', {});
    assertProblem(wrong, 'METHOD_NOT_ALLOWED');
    assert.equal(wrong.headers.get('allow'), 'GET, HEAD, POST');
    assertProblem(await member.send('PROPFIND', '/api/v1/runs'), 'METHOD_NOT_ALLOWED');
    assertProblem(await member.send('OPTIONS', '/api/v1/runs'), 'METHOD_NOT_ALLOWED');
    for (const path of [
      '/api/v1/runs/%',
      '/api/v1/runs/%zz',
      '/api/v1/runs/%ff',
      '/api/v1/runs/a%00b',
      '/api/v1/runs?q=%00',
    ]) {
      assertProblem(await member.send('GET', path), 'INPUT_INVALID');
    }
    const head = await fetch(`${address}/api/v1/runs`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${member.key}` },
    });
    assert.equal(head.status, 200);
  }));

test('what is no HTTP, or has too large a head, gets a problem and is hung up on', () =>
  withApi({}, async ({ address }) => {
    const cases: [string, number][] = [
      ['nonsense\r\n\r\n', 400],
      [`GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
      ['GET / HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n\r\n', 400],
      [
        'POST /api/v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc',
        400,
      ],
      ['POST /api/v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', 400],
    ];
    for (const [bytes, status] of cases) {
      const answer = readRaw(await sendRaw(address, bytes));
      assert.equal(answer.status, status, bytes.slice(0, 40));
      assert.match(answer.head, /application\/problem\+json/);
      assert.equal(problemSchema.parse(answer.body).status, status);
    }
    const expecting = await sendRaw(
      address,
      'GET /health/live HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\nConnection: close\r\n\r\n',
    );
    assert.equal(readRaw(expecting).status, 200);
  }));

test('an error that nobody foresaw shows no internals, and stands in the log under the id of the request', async () => {
  const lines: string[] = [];
  const logger = createLogger('warn', { write: (line) => void lines.push(line) });
  const failing = (path: string, error: Error) =>
    route({
      method: 'GET',
      path,
      summary: 'Fails',
      tag: 'test',
      role: 'public',
      replies: { 200: z.object({}) },
      handle: () => Promise.reject(error),
    });
  const routes = [
    failing('/boom', new Error('relation "secrets" does not exist at /srv/app.ts:5')),
    failing('/database', new GantryError('DATABASE_UNREACHABLE', 'connect ECONNREFUSED 10.0.0.5:5432')),
    failing('/full', new GantryError('QUEUE_FULL', 'Too many runs wait.', { retryAfterSeconds: 7 })),
  ];
  await withApi({ routes, logger }, async ({ address }) => {
    const boom = await send(`${address}/api/v1/boom`);
    assertProblem(boom, 'INTERNAL');
    assert.doesNotMatch(JSON.stringify(boom.body), /secrets|srv|app\.ts/);
    assert.ok(lines.some((line) => line.includes(boom.body.requestId) && line.includes('secrets')));
    const database = await send(`${address}/api/v1/database`);
    assertProblem(database, 'DATABASE_UNREACHABLE');
    assert.doesNotMatch(JSON.stringify(database.body), /10\.0\.0\.5/);
    assert.ok(Number(database.headers.get('retry-after')) > 0);
    const full = await send(`${address}/api/v1/full`);
    assertProblem(full, 'QUEUE_FULL');
    assert.equal(full.headers.get('retry-after'), '7');
    assert.equal(full.body.detail, 'Too many runs wait.');
  });
});

test('a full queue answers 503 and says when to come back', () =>
  withApi({ capabilities, maxQueued: 1 }, async ({ join }) => {
    const member = await join('member');
    const add = { capability: 'adding', input: { a: 1, b: 2 } };
    assert.equal((await member.send('POST', '/api/v1/runs', add)).status, 202);
    const refused = await member.send('POST', '/api/v1/runs', add);
    assertProblem(refused, 'QUEUE_FULL');
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
  }));
