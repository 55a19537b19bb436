import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { openResources } from '../../../test/support/executions.ts';
import { openSocket } from '../../../test/support/socket.ts';
import { until } from '../../../test/support/until.ts';
import { withApi, type TestApi, type TestUser } from '../../../test/support/with-api.ts';
import { finished } from '../../../test/support/with-kernel.ts';
import { createExecution } from './index.ts';

async function withServer(test: (api: TestApi, member: TestUser) => Promise<void>): Promise<void> {
  const resources = await openResources({ count: 0, languages: [] });
  try {
    const module = createExecution(resources);
    await module.prepare();
    const sockets = module.sockets ?? (() => []);
    await withApi(
      { capabilities: [module.capability], routes: module.routes, sockets, heartbeatMs: 200 },
      async (api) => {
        resources.useDatabase(api.db);
        await api.work();
        await test(api, await api.join('member'));
      },
    );
  } finally {
    await resources.close();
  }
}

const echo =
  'print("ready", flush=True)\nwhile True:\n  line = input()\n  if line == "bye": break\n  print("got", line)';

async function start(
  member: TestUser,
  content = echo,
  more: object = { interactive: true },
): Promise<string> {
  const body = { language: 'python', files: [{ name: 'a.py', content }], ...more };
  return (await member.send('POST', '/api/v1/executions', body)).body.id;
}

const at = (api: TestApi, id: string, query = '') =>
  `${api.address}/api/v1/executions/${id}/terminal${query}`;
const keyOf = (user: TestUser) => ({ authorization: `Bearer ${user.key}` });
const typed = (text: string) => ({ type: 'stdin', text });

test('a program is followed and talked to over one connection, to its end', async () => {
  await withServer(async (api, member) => {
    const id = await start(member);
    const socket = await openSocket(at(api, id), keyOf(member));
    await socket.until(() => socket.text().includes('ready'));
    socket.send(typed('one\n'));
    await socket.until(() => socket.text().includes('got one'));
    for (const letter of 'two\nbye\n') socket.send(typed(letter));
    assert.equal(await socket.closed, 1000);
    assert.equal(socket.text(), 'ready\ngot one\ngot two\n');
    assert.deepEqual(socket.frames.at(-1), { type: 'end', status: 'succeeded' });
    const seqs = socket.frames.flatMap((frame) => (frame.type === 'event' ? [frame.event.seq] : []));
    assert.deepEqual(
      seqs,
      seqs.map((_, index) => index + 1),
    );
    const again = await openSocket(at(api, id, `?after=${seqs.length - 1}`), keyOf(member));
    assert.equal(await again.closed, 1000);
    assert.equal(again.frames.filter(({ type }) => type === 'event').length, 1);
  });
});

test('two people talk to one program, each word whole and in order', async () => {
  await withServer(async (api, member) => {
    const admin = await api.join('admin');
    const id = await start(member);
    const sockets = await Promise.all([
      openSocket(at(api, id), keyOf(member)),
      openSocket(at(api, id), keyOf(admin)),
    ]);
    const [one, two] = sockets;
    await one.until(() => one.text().includes('ready'));
    for (let n = 0; n < 20; n += 1) {
      one.send(typed(`m${n}\n`));
      two.send(typed(`a${n}\n`));
    }
    await one.until(() => one.text().split('got').length > 40);
    two.send(typed('bye\n'));
    for (const socket of sockets) assert.equal(await socket.closed, 1000);
    assert.equal(one.text(), two.text());
    for (const who of ['m', 'a'])
      assert.deepEqual(
        one.text().match(new RegExp(`${who}\\d+`, 'g')),
        Array.from({ length: 20 }, (_, n) => `${who}${n}`),
      );
  });
});

test('who may not talk to it is answered before the upgrade, as anywhere in the API', async () => {
  await withServer(async (api, member) => {
    const id = await start(member);
    const [viewer, stranger] = [await api.join('viewer'), await api.join('member', 'stranger')];
    await assert.rejects(openSocket(at(api, id)), /HTTP 401/);
    await assert.rejects(openSocket(at(api, id), { authorization: 'Bearer nonsense' }), /HTTP 401/);
    await assert.rejects(openSocket(at(api, id), keyOf(viewer)), /HTTP 403/);
    await assert.rejects(openSocket(at(api, id), keyOf(stranger)), /HTTP 404/);
    await assert.rejects(openSocket(at(api, 'nonsense'), keyOf(member)), /HTTP 404/);
    await assert.rejects(openSocket(at(api, id, '?after=-1'), keyOf(member)), /HTTP 400/);
    assert.equal((await member.send('GET', `/api/v1/executions/${id}/terminal`)).status, 400);
    assert.equal((await member.send('POST', `/api/v1/runs/${id}/cancel`)).status, 202);
  });
});

test('a page of another site can not use the cookie of who is signed in; a page of ours can', async () => {
  await withServer(async (api, member) => {
    const id = await start(member);
    const { host } = new URL(api.address);
    const cookie = await signIn(api);
    const foreign: Record<string, string>[] = [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://${host}.evil.example` },
      { origin: `http://${host}`, 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of foreign)
      await assert.rejects(
        openSocket(at(api, id), { cookie, ...headers }),
        /HTTP 403/,
        JSON.stringify(headers),
      );
    const socket = await openSocket(at(api, id), { cookie, origin: `http://${host}` });
    await socket.until(() => socket.text().includes('ready'));
    socket.send(typed('bye\n'));
    assert.equal(await socket.closed, 1000);
  });
});

async function signIn(api: TestApi): Promise<string> {
  const answer = await fetch(`${api.address}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: api.address },
    body: JSON.stringify({ email: 'member@example.com', password: 'correct horse battery' }),
  });
  assert.equal(answer.status, 200);
  return answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
}

test('signing out, losing the role or the key ends the connection', async () => {
  await withServer(async (api, member) => {
    const id = await start(member);
    const origin = api.address;
    const cookie = await signIn(api);
    const browser = await openSocket(at(api, id), { cookie, origin });
    const program = await openSocket(at(api, id), keyOf(member));
    await api.identity.users.signOutEverywhere(member.id);
    assert.equal(await browser.closed, 4401);
    await api.identity.users.setRole(member.id, 'viewer');
    assert.equal(await program.closed, 4401);
    await api.kernel.cancel(id, null);
  });
});

test('what is no input is refused and the connection goes on; what is no JSON, too large or too much closes it', async () => {
  await withServer(async (api, member) => {
    const id = await start(member);
    const socket = await openSocket(at(api, id), keyOf(member));
    for (const frame of [
      { type: 'nonsense' },
      7,
      null,
      [],
      { type: 'stdin', text: 'x'.repeat(70_000) },
      { type: 'stdin', base64: '*' },
    ])
      socket.send(frame === null ? 'null' : frame);
    await socket.until(() => socket.frames.filter(({ type }) => type === 'refused').length === 6);
    socket.send(typed('still\n'));
    await socket.until(() => socket.text().includes('got still'));
    socket.send('{no json');
    assert.equal(await socket.closed, 4400);
    const binary = await openSocket(at(api, id), keyOf(member));
    binary.ws.send(Buffer.from('x'));
    assert.equal(await binary.closed, 4400);
    const large = await openSocket(at(api, id), keyOf(member));
    large.send(typed('x'.repeat(300_000)));
    assert.equal(await large.closed, 1009);
    const flood = await openSocket(at(api, id), keyOf(member));
    for (let n = 0; n < 25_000; n += 1) flood.send({ type: 'nonsense' });
    assert.equal(await flood.closed, 4429);
    await api.kernel.cancel(id, null);
  });
});

test('a program that is not interactive is followed, but hears nothing, and one that has ended neither', async () => {
  await withServer(async (api, member) => {
    const id = await start(member, 'print("ready", flush=True)\nimport time; time.sleep(1)', {});
    const socket = await openSocket(at(api, id), keyOf(member));
    await socket.until(() => socket.text().includes('ready'));
    socket.send(typed('x'));
    assert.equal(await socket.closed, 1000);
    assert.ok(socket.frames.some((frame) => frame.type === 'refused' && frame.code === 'CONFLICT'));
    await assert.rejects(api.kernel.send(id, 'stdin', ['x'], null), { code: 'RUN_FINISHED' });
  });
});

test('a client that reads nothing holds nobody up, and is dropped', async () => {
  await withServer(async (api, member) => {
    const flood = 'import sys\nsys.stdin.readline()\nfor n in range(90): print("x" * 100000, flush=True)';
    const id = await start(member, flood, { interactive: true, limits: { outputBytes: 10_485_760 } });
    const { hostname, port } = new URL(api.address);
    const silent = connect(Number(port), hostname);
    silent.pause();
    silent.write(
      `GET /api/v1/executions/${id}/terminal HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: Bearer ${member.key}\r\n\r\n`,
    );
    const reader = await openSocket(at(api, id), keyOf(member));
    reader.send(typed('go\n'));
    assert.equal(await reader.closed, 1000);
    assert.ok(reader.text().length >= 9_000_000);
    assert.equal((await finished(api.kernel, id)).status, 'succeeded');
    let over = false;
    silent.once('close', () => (over = true)).on('error', () => undefined);
    silent.resume();
    await until(() => over);
  });
});

test('a stopping server sends its clients away, to come back elsewhere', async () => {
  await withServer(async (api, member) => {
    const id = await start(member);
    const { api: other, address } = await api.replica();
    const socket = await openSocket(`${address}/api/v1/executions/${id}/terminal`, keyOf(member));
    await socket.until(() => socket.text().includes('ready'));
    await other.close();
    assert.equal(await socket.closed, 1001);
    const back = await openSocket(at(api, id), keyOf(member));
    back.send(typed('bye\n'));
    assert.equal(await back.closed, 1000);
  });
});

test('an upgrade to anything else, and a socket anywhere else, are answered as plain requests', async () => {
  await withServer(async (api, member) => {
    const { hostname, port } = new URL(api.address);
    const raw = (head: string) =>
      new Promise<string>((resolve) => {
        const client = connect(Number(port), hostname, () => client.write(head));
        client.once('data', (data) => {
          resolve(String(data).split('\r\n')[0] ?? '');
          client.destroy();
        });
      });
    const h2c = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n';
    assert.match(await raw(`GET /health HTTP/1.1\r\nHost: x\r\n${h2c}\r\n`), / 200 /);
    await assert.rejects(openSocket(`${api.address}/api/v1/nowhere`, keyOf(member)), /HTTP 404/);
    await assert.rejects(openSocket(`${api.address}/api/v1/runs`), /HTTP 401/);
  });
});
