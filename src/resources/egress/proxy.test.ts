import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  openEgressTrial,
  readAll,
  serveHttp,
  serveTcp,
  withDoor,
  get,
  connectTo,
  status,
} from '../../../test/support/egress.ts';
import { until } from '../../../test/support/until.ts';

test('requests that could be read in two ways are refused, and the server hears nothing of them', async () => {
  let heard = 0;
  const upstream = await serveHttp((request, reply) => {
    heard += 1;
    request.resume();
    reply.end('x');
  });
  await withDoor(upstream, {}, async (door, place) => {
    const url = `http://${place}/`;
    const two = [
      `POST ${url} HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      `POST ${url} HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx`,
      `POST ${url} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n`,
      `POST ${url} HTTP/1.1\r\nhost: x\r\ntransfer-encoding : chunked\r\n\r\n0\r\n\r\n`,
      `POST ${url} HTTP/1.1\r\nhost: x\r\ncontent-length: +1\r\n\r\nx`,
      `GET ${url} HTTP/1.1\r\nhost: x\r\nx: a\n b\r\n\r\n`,
      `GET ${url} HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n`,
      `GET ${url} HTTP/1.1\r\nhost: x\r\nx: a\rb\r\n\r\n`,
      `GET ${url}\0 HTTP/1.1\r\nhost: x\r\n\r\n`,
      `GET ${url} HTTP/3.0\r\nhost: x\r\n\r\n`,
      `GET ${url} HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
    ];
    for (const request of two) {
      const answer = await door.send(request);
      assert.ok(answer === '' || [400, 431].includes(status(answer)), request.slice(0, 200) + answer);
    }
    assert.equal(heard, 0);
  });
});

test('a body where none is expected reaches the server as a body, not as another request', async () => {
  const heard: string[] = [];
  const upstream = await serveHttp(async (request, reply) => {
    let body = '';
    for await (const piece of request) body += String(piece);
    heard.push(`${request.method} ${request.url} ${body.length}`);
    reply.end('x');
  });
  await withDoor(upstream, {}, async (door, place) => {
    const hidden = get('/hidden');
    const chunk = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;
    for (const method of ['GET', 'DELETE', 'OPTIONS'])
      await door.send(
        `${method} http://${place}/x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n${chunk}`,
      );
    await door.send(
      `GET http://${place}/y HTTP/1.1\r\nhost: x\r\ncontent-length: ${hidden.length}\r\nconnection: close\r\n\r\n${hidden}`,
    );
    const lengths = ['GET /x', 'DELETE /x', 'OPTIONS /x', 'GET /y'].map((line) => `${line} ${hidden.length}`);
    assert.deepEqual(heard, lengths);
  });
});

test('answers that are no HTTP, or more than one, or change the protocol do not get through as they are', async () => {
  const answers: Record<string, string> = {
    '/split': 'HTTP/1.1 200 OK\r\nx-a: b\rinjected: 1\r\ncontent-length: 0\r\n\r\n',
    '/nonsense': 'SSH-2.0-OpenSSH_9\r\n',
    '/two':
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ninjected: 1\r\ncontent-length: 0\r\n\r\n',
    '/both': 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    '/switch': 'HTTP/1.1 101 Switching Protocols\r\nupgrade: raw\r\nconnection: upgrade\r\n\r\ninjected: 1',
    '/large': `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`,
    '/cut': 'HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf',
  };
  const upstream = await serveTcp((socket) => {
    socket.once('data', (piece) => socket.end(answers[String(piece).split(' ')[1] ?? ''] ?? ''));
  });
  await withDoor(upstream, {}, async (door, place) => {
    const ask = (path: string) =>
      door.send(get(`http://${place}${path}`, 'connection: upgrade\r\nupgrade: raw\r\n'));
    for (const path of ['/split', '/nonsense', '/both', '/switch', '/large'])
      assert.equal(status(await ask(path)), 502, path);
    const two = await door.send(get(`http://${place}/two`, 'connection: close\r\n'));
    assert.match(two, /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nok$/);
    assert.doesNotMatch(two, /injected/);
    assert.match(await ask('/cut'), /half$/);
    await until(() => door.decisions.length === 7);
  });
});

/* Who still writes when the door is shut may lose what was said to them. */
function assertTurnedAway(answer: string): void {
  assert.ok(answer === '' || status(answer) === 408, answer);
}

test('one who says nothing, or says it too slowly, is not waited for', async () => {
  const upstream = await serveTcp(() => undefined);
  await withDoor(upstream, { limits: { connectMs: 150, idleMs: 150 } }, async (door, place) => {
    const silent = await door.connect();
    assertTurnedAway(await readAll(silent));
    const slow = await door.connect();
    slow.write('GET http://allowed.test/ HTTP/1.1\r\nhost: x\r\n');
    const drip = setInterval(() => slow.write('x: y\r\n'), 20);
    const answer = await readAll(slow).finally(() => clearInterval(drip));
    assertTurnedAway(answer);
    // A server that never answers, and a tunnel through which nothing passes.
    assert.match(await door.send(get(`http://${place}/`)), /^HTTP\/1\.1 502 /);
    assert.match(await door.send(connectTo(place)), /^HTTP\/1\.1 200 /);
    await until(() => door.decisions.length === 2);
    assert.ok(door.decisions.every(({ reason }) => reason === 'nothing passed for too long'));
  });
});

test('bytes, connections and time are limited for all connections together', async () => {
  const upstream = await serveTcp((socket) => {
    socket.once('data', () => socket.write(Buffer.alloc(300_000)));
  });
  const limits = { bytesIn: 500_000, bytesOut: 100_000, connections: 2, decisions: 6 };
  await withDoor(upstream, { limits }, async (door, place) => {
    const one = await door.connect();
    const two = await door.connect();
    for (const socket of [one, two]) socket.write(connectTo(place));
    const told = Promise.all(
      [one, two].map((socket) => new Promise((resolve) => socket.once('data', resolve))),
    );
    await told;
    assert.match(await door.send(connectTo(place)), /2 connections at once/);
    one.write('x');
    two.write('x');
    await Promise.race([readAll(one), readAll(two)]);
    for (const socket of [one, two]) socket.destroy();
    await until(() => door.decisions.length === 3);
    assert.ok(door.decisions.some(({ reason }) => /limit of 500000 bytes in/.test(reason)));
    const out = await door.connect();
    out.write(connectTo(place));
    out.write(Buffer.alloc(200_000));
    await readAll(out);
    await until(() => door.decisions.length === 4);
    assert.match(door.decisions[3]?.reason ?? '', /limit of 100000 bytes out/);
    for (const expected of [403, 403, 403])
      assert.equal(status(await door.send(connectTo('other.test:1'))), expected);
    assert.match(door.decisions[6]?.reason ?? '', /limit of 6 connections/);
  });
  const later = await serveTcp(() => undefined);
  await withDoor(later, { limits: { totalMs: 150 } }, async (door, place) => {
    await door.send(connectTo(place));
    await until(() => door.decisions.length === 1);
    assert.match(await door.send(connectTo(place)), /403 Forbidden[^]*its time is over/);
  });
});

test('one who leaves while a name is looked up holds nothing up', async () => {
  const upstream = await serveTcp(() => undefined);
  const place = `slow.test:${upstream.port}`;
  const answer = Promise.withResolvers<readonly string[]>();
  const door = await openEgressTrial([place], {}, { 'slow.test': answer.promise });
  for (const request of [connectTo(place), get(`http://${place}/`)]) {
    const socket = await door.connect();
    await new Promise<void>((resolve) => socket.write(request, () => resolve()));
    socket.destroy();
    await until(() => socket.closed);
  }
  answer.resolve(['127.0.0.1']);
  await until(() => door.decisions.length === 2);
  await door.close();
  await upstream.close();
});
