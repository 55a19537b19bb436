import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createWebFetch } from './web-fetch.ts';

const strict = createWebFetch({ allow: [] });
const loopback = createWebFetch({ allow: ['127.0.0.1'] });
const refused = { code: 'OUTGOING_REFUSED' };

async function serve(answer: RequestListener, check: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await check(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('what users name is checked like every other address, also by its name', async () => {
  await assert.rejects(strict('http://127.0.0.1:1/'), refused);
  await assert.rejects(strict(new URL('http://localhost:1/')), refused);
  await assert.rejects(strict(new Request('http://[::1]/')), refused);
  await assert.rejects(strict('file:///etc/passwd'), refused);
  let closed = '';
  await serve(
    () => undefined,
    async (url) => void (closed = url),
  );
  await assert.rejects(loopback(closed), { code: 'OUTGOING_FAILED' });
});

test('a request arrives with method, headers and body, and its answer comes back as fetch gives it', () =>
  serve(
    async (request, reply) => {
      let body = '';
      for await (const piece of request) body += String(piece);
      reply.writeHead(418, { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] });
      reply.end(JSON.stringify([request.method, request.headers['x-test'], body]));
    },
    async (url) => {
      const response = await loopback(url, { method: 'PUT', headers: { 'x-test': 'yes' }, body: 'sent' });
      assert.equal(response.status, 418);
      assert.equal(response.ok, false);
      assert.deepEqual(response.headers.getSetCookie(), ['a=1', 'b=2']);
      assert.deepEqual(await response.json(), ['PUT', 'yes', 'sent']);
      assert.equal(await (await loopback(url, { method: 'HEAD' })).text(), '');
    },
  ));

test('an answer streams, and ends for both when it is aborted', async () => {
  const gone = Promise.withResolvers<void>();
  await serve(
    (_request, reply) => {
      reply.on('close', gone.resolve);
      reply.write('first');
    },
    async (url) => {
      const stop = new AbortController();
      const { body } = await loopback(url, { signal: stop.signal });
      const reader = body?.getReader();
      assert.equal(new TextDecoder().decode((await reader?.read())?.value), 'first');
      const next = reader?.read();
      stop.abort();
      await assert.rejects(Promise.resolve(next), { name: 'AbortError' });
      await gone.promise;
      await assert.rejects(loopback(url, { signal: stop.signal }), { name: 'AbortError' });
    },
  );
});

test('redirects are checked, lose the credential elsewhere, and are left alone when asked to', () =>
  serve(
    (request, reply) => {
      const to = request.url === '/inside' ? 'http://127.0.0.2:1/' : '/end';
      if (request.url === '/end') reply.end(request.headers.authorization ?? 'none');
      else reply.writeHead(302, { location: to }).end();
    },
    async (url) => {
      const headers = { authorization: 'Bearer x' };
      assert.equal(await (await loopback(`${url}/go`, { headers })).text(), 'Bearer x');
      await assert.rejects(loopback(`${url}/inside`), refused);
      assert.equal((await loopback(`${url}/go`, { redirect: 'manual' })).status, 302);
      await assert.rejects(loopback(`${url}/go`, { redirect: 'error' }), refused);
    },
  ));

test('an answer that breaks off is an error while it is read', () =>
  serve(
    (_request, reply) => {
      reply.writeHead(200, { 'content-length': '1000' });
      reply.write('half', () => reply.destroy());
    },
    async (url) => {
      const response = await loopback(url);
      await assert.rejects(response.text());
    },
  ));
