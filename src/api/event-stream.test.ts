import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { z } from 'zod';
import { adding, asking } from '../../test/support/stories.ts';
import { until } from '../../test/support/until.ts';
import { withApi, type TestUser } from '../../test/support/with-api.ts';
import { route } from '../contract/api.ts';

const capabilities = [adding, asking];
const ask = { capability: 'asking', input: { question: 'Really?' } };

interface Follower {
  readonly response: IncomingMessage;
  /** All that came so far. */
  text(): string;
  readonly closed: Promise<unknown>;
  leave(): void;
}

/** Follows as a browser does, and keeps what comes. */
async function follow(address: string, user: TestUser, path: string, headers = {}): Promise<Follower> {
  const call = request(`${address}${path}`, {
    agent: false,
    headers: { accept: 'text/event-stream', authorization: `Bearer ${user.key}`, ...headers },
  });
  call.on('error', () => undefined);
  call.end();
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (piece: string) => (text += piece));
  response.on('error', () => undefined);
  const closed = new Promise((resolve) => response.on('close', resolve));
  return { response, text: () => text, closed, leave: () => call.destroy() };
}

function types(text: string): string[] {
  return [...text.matchAll(/^event: (.*)$/gm)].map((match) => match[1] ?? '');
}

test('events are replayed after the cursor, followed live, and the stream ends with the run', () =>
  withApi({ capabilities }, async ({ address, join, work }) => {
    await work();
    const member = await join('member');
    const { body: run } = await member.send('POST', '/api/v1/runs', ask);
    const path = `/api/v1/runs/${run.id}/events`;
    const live = await follow(address, member, path);
    assert.equal(live.response.headers['content-type'], 'text/event-stream; charset=utf-8');
    assert.equal(live.response.headers['cache-control'], 'no-store, no-transform');
    assert.equal(live.response.headers['x-accel-buffering'], 'no');
    assert.ok(live.response.headers['content-security-policy']);
    await until(() => live.text().includes('run.waiting'));
    await member.send('POST', `/api/v1/runs/${run.id}/signals`, { name: 'answer', payload: 'Yes' });
    await live.closed;
    const all = types(live.text());
    assert.equal(all[0], 'run.queued');
    assert.equal(all.at(-1), 'run.succeeded');
    const first = /^data: (.*)$/m.exec(live.text())?.[1] ?? '';
    assert.deepEqual([JSON.parse(first).seq, JSON.parse(first).runId], [1, run.id]);
    const resumed = await follow(address, member, path, { 'last-event-id': '2' });
    await resumed.closed;
    assert.deepEqual(types(resumed.text()), all.slice(2));
    const after = await follow(address, member, `${path}?after=3`);
    await after.closed;
    assert.deepEqual(types(after.text()), all.slice(3));
    const done = await follow(address, member, path, { 'last-event-id': String(all.length) });
    assert.equal(done.response.statusCode, 204, 'a browser that has everything is told to stop');
    const bad = await follow(address, member, path, { 'last-event-id': 'x' });
    assert.equal(bad.response.statusCode, 400);
  }));

test('three hundred followers of one run all see it through', () =>
  withApi({ capabilities }, async ({ address, join, work, hub }) => {
    await work();
    const member = await join('member');
    const { body: run } = await member.send('POST', '/api/v1/runs', ask);
    const path = `/api/v1/runs/${run.id}/events`;
    const followers = await Promise.all(Array.from({ length: 300 }, () => follow(address, member, path)));
    await until(() => followers.every((each) => each.text().includes('run.waiting')));
    await member.send('POST', `/api/v1/runs/${run.id}/signals`, { name: 'answer', payload: 'Yes' });
    await Promise.all(followers.map((each) => each.closed));
    assert.ok(followers.every((each) => types(each.text()).at(-1) === 'run.succeeded'));
    await until(() => hub.size().followers === 0);
  }));

test('a quiet stream shows signs of life, and the server stops following when the client leaves', () =>
  withApi({ capabilities, heartbeatMs: 20 }, async ({ address, join, hub }) => {
    const member = await join('member');
    const { body: run } = await member.send('POST', '/api/v1/runs', ask);
    const live = await follow(address, member, `/api/v1/runs/${run.id}/events`);
    await until(() => (live.text().match(/^: $/gm) ?? []).length >= 3);
    assert.equal(hub.size().followers, 1);
    live.leave();
    await until(() => hub.size().followers === 0);
  }));

test('a client that does not read holds back the source, and is dropped after a while', async () => {
  let made = 0;
  let ended = false;
  const flood = route({
    method: 'GET',
    path: '/flood',
    summary: 'Floods',
    tag: 'test',
    role: 'viewer',
    replies: { 200: z.unknown() },
    stream: z.unknown(),
    handle: async ({ signal }) => ({ stream: pour(signal) }),
  });
  async function* pour(signal: AbortSignal) {
    const data = 'x'.repeat(65_536);
    try {
      while (!signal.aborted) yield { id: String((made += 1)), event: 'drop', data };
    } finally {
      ended = true;
    }
  }
  await withApi({ routes: [flood], heartbeatMs: 30 }, async ({ address, join }) => {
    const viewer = await join('viewer');
    const { hostname, port } = new URL(address);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.pause();
    socket.write(
      `GET /api/v1/flood HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${viewer.key}\r\nAccept: text/event-stream\r\n\r\n`,
    );
    await until(() => ended);
    assert.ok(made < 1000, `the source was asked for ${made} events of 64 KiB`);
    socket.destroy();
  });
});

test('a stopping server ends its streams with a word and lets requests on their way finish', async () => {
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const slow = route({
    method: 'GET',
    path: '/slow',
    summary: 'Waits',
    tag: 'test',
    role: 'viewer',
    replies: { 200: z.object({ done: z.boolean() }) },
    handle: async () => {
      reached.resolve();
      await gate.promise;
      return { body: { done: true } };
    },
  });
  await withApi({ capabilities, routes: [slow], settings: { drainSeconds: 30 } }, async (parts) => {
    const { address, api, join } = parts;
    const member = await join('member');
    const { body: run } = await member.send('POST', '/api/v1/runs', ask);
    const live = await follow(address, member, `/api/v1/runs/${run.id}/events`);
    await until(() => live.text().includes('run.queued'));
    const pending = member.send('GET', '/api/v1/slow');
    await reached.promise;
    const closing = api.close();
    await live.closed;
    assert.match(live.text(), /: the server is stopping; connect again\n\n$/);
    await assert.rejects(fetch(`${address}/health/live`, { headers: { connection: 'close' } }));
    gate.resolve();
    assert.deepEqual((await pending).body, { done: true });
    await closing;
  });
});

test('a stopping server does not wait longer than it may, and asks the rest to answer with what there is', async () => {
  const waits = route({
    method: 'GET',
    path: '/waits',
    summary: 'Waits for its signal',
    tag: 'test',
    role: 'viewer',
    replies: { 200: z.object({ done: z.boolean() }) },
    handle: async ({ signal }) => {
      reached.resolve();
      if (!signal.aborted) await once(signal, 'abort');
      return { body: { done: false } };
    },
  });
  const reached = Promise.withResolvers<void>();
  await withApi({ routes: [waits], settings: { drainSeconds: 0 } }, async ({ api, join }) => {
    const viewer = await join('viewer');
    const pending = viewer.send('GET', '/api/v1/waits');
    await reached.promise;
    await api.close();
    assert.deepEqual((await pending).body, { done: false });
  });
});

test('a stream ends when who follows is signed out or loses the role that it was opened with', () =>
  withApi({ capabilities }, async ({ address, identity, join }) => {
    const [admin, viewer, member] = [await join('admin'), await join('viewer'), await join('member')];
    const all = await follow(address, admin, '/api/v1/runs/changes');
    const seen = await follow(address, viewer, '/api/v1/runs/changes');
    const own = await follow(address, member, '/api/v1/inbox/count');
    await join('admin', 'Another');
    await identity.users.setRole(admin.id, 'member');
    await all.closed;
    await identity.users.update(viewer.id, { disabled: true });
    await seen.closed;
    const [key] = await identity.keys.list(member.id);
    await identity.keys.revoke(key?.id ?? '', null);
    await own.closed;
  }));
