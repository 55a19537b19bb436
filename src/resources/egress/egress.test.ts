import assert from 'node:assert/strict';
import { test } from 'node:test';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { serveHttp, serveTcp, withDoor, get, connectTo, status } from '../../../test/support/egress.ts';
import { until } from '../../../test/support/until.ts';
import type { EgressUse } from './egress.ts';

test('a plain request goes through under the name of its address, without what was meant for the proxy', async () => {
  let seen: Record<string, unknown> = {};
  const upstream = await serveHttp(async (request, reply) => {
    let body = '';
    for await (const piece of request) body += String(piece);
    seen = { ...request.headers, method: request.method, url: request.url, body };
    reply
      .writeHead(201, { 'set-cookie': ['a=1', 'b=2'], 'keep-alive': 'timeout=9', 'x-up': 'yes' })
      .end('done');
  });
  await withDoor(upstream, {}, async (door, place) => {
    const answer = await door.send(
      `POST http://ALLOWED.test.:${upstream.port}/a%2f../b?c HTTP/1.1\r\nhost: evil.test\r\nproxy-authorization: Basic eA==\r\nproxy-connection: keep-alive\r\nconnection: x-private, close\r\nx-private: 1\r\nte: trailers\r\nupgrade: h2c\r\naccept: a\r\ncontent-length: 2\r\n\r\nhi`,
    );
    assert.match(answer, /^HTTP\/1\.1 201 /);
    assert.match(answer, /set-cookie: a=1\r\nset-cookie: b=2\r\n/i);
    assert.doesNotMatch(answer, /timeout=9/);
    assert.match(answer, /\r\ndone\r\n0\r\n\r\n$/);
    assert.deepEqual(seen, {
      host: place,
      accept: 'a',
      connection: 'close',
      'content-length': '2',
      method: 'POST',
      url: '/a%2f../b?c',
      body: 'hi',
    });
    await until(() => door.decisions.length === 1);
    const [{ bytesIn = 0, bytesOut = 0, ...told } = {}] = door.decisions;
    assert.deepEqual(told, {
      host: 'allowed.test',
      port: upstream.port,
      allowed: true,
      reason: 'on the list',
    });
    assert.ok(bytesIn > 50 && bytesOut > 50);
  });
});

test('a tunnel carries bytes both ways, also those sent along with CONNECT, which are read as nothing else', async () => {
  const heard: string[] = [];
  const upstream = await serveTcp((socket) => {
    socket.on('data', (piece) => {
      heard.push(String(piece));
      socket.write(`<${String(piece)}>`);
    });
    socket.on('end', () => socket.end());
  });
  await withDoor(upstream, {}, async (door, place) => {
    const second = get('http://169.254.169.254/latest/meta-data');
    const answer = await door.send(connectTo(place) + second, 'end');
    assert.equal(answer, `HTTP/1.1 200 Connection Established\r\n\r\n<${second}>`);
    assert.deepEqual(heard, [second]);
    await until(() => door.decisions.length === 1);
    assert.deepEqual(door.decisions, [
      {
        host: 'allowed.test',
        port: upstream.port,
        allowed: true,
        reason: 'on the list',
        bytesIn: second.length + 2,
        bytesOut: second.length,
      },
    ]);
  });
});

test('requests for the model go to their handler, and only those; nothing else is answered', async () => {
  const upstream = await serveHttp((_request, reply) => reply.end('upstream'));
  const programs: EgressUse['programs'] = (request, reply) =>
    void reply.end(`${request.method} ${request.url} ${request.headers.authorization}`);
  await withDoor(upstream, { programs }, async (door) => {
    const ask = (line: string) =>
      door.send(
        `${line} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer t\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
      );
    assert.match(await ask('POST /v1/chat/completions'), /POST \/v1\/chat\/completions Bearer t$/);
    assert.match(await ask('GET /v1/models'), /GET \/v1\/models Bearer t$/);
    for (const line of [
      'GET /',
      'GET /v1/models/../x',
      'DELETE /v1/models',
      'GET //allowed.test/',
      'POST /v1/embeddings',
      'GET /v1/models?x',
    ])
      assert.equal(status(await ask(line)), 404, line);
    assert.deepEqual(door.decisions, []);
  });
  const other = await serveHttp((_request, reply) => reply.end('upstream'));
  await withDoor(other, {}, async (door) => {
    assert.equal(
      status(await door.send('GET /v1/models HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')),
      404,
    );
  });
});

test('its socket can be found by name only, and closing it ends and tells of what is open', async () => {
  const upstream = await serveTcp(() => undefined);
  await withDoor(upstream, {}, async (door, place) => {
    const isRoot = process.getuid?.() === 0;
    assert.equal(statSync(door.socketPath).mode & 0o777, isRoot ? 0o666 : 0o600);
    assert.equal(statSync(`${door.socketPath}/..`, { throwIfNoEntry: false }), undefined);
    assert.ok(!readFileSync('/proc/net/unix', 'utf8').includes(door.socketPath));
    const socket = await door.connect();
    socket.write(connectTo(place));
    await new Promise((resolve) => socket.once('data', resolve));
    await door.close();
    assert.equal(door.decisions.length, 1);
    assert.ok(!existsSync(door.socketPath), basename(door.socketPath));
  });
});
