import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { patientFetch } from './patient-fetch.ts';

async function serve(answer: RequestListener, check: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await check(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const quick = { timeoutMs: 100, pausesMs: [1, 1] };

test('a forge that never answers is given up, reads after three tries and writes after one', async () => {
  const asked: string[] = [];
  await serve(
    ({ method }) => void asked.push(String(method)),
    async (url) => {
      const forge = patientFetch({ fetch }, quick);
      await assert.rejects(forge(url), { code: 'FORGE_UNAVAILABLE' });
      await assert.rejects(forge(url, { method: 'POST', body: '{}' }), { code: 'FORGE_UNAVAILABLE' });
    },
  );
  assert.deepEqual(asked, ['GET', 'GET', 'GET', 'POST']);
});

test('a body that drips longer than the time of a try is given up', () =>
  serve(
    (_request, reply) => void reply.write('{'),
    async (url) => assert.rejects(patientFetch({ fetch }, quick)(url), { code: 'FORGE_UNAVAILABLE' }),
  ));

test('waiting for a limit ends with the signal, and never goes on for ever', () =>
  serve(
    (_request, reply) => void reply.writeHead(429, { 'retry-after': '3' }).end(),
    async (url) => {
      const stop = new AbortController();
      const waiting = patientFetch({ fetch, signal: stop.signal })(url);
      stop.abort();
      await assert.rejects(waiting, { name: 'AbortError' });
      const within = patientFetch({ fetch }, { longestWaitSeconds: 2 });
      await assert.rejects(within(url), { code: 'FORGE_RATE_LIMITED', retryAfterSeconds: 3 });
    },
  ));

test('an answer without end is not kept, but left to who asked for a stream', () =>
  serve(
    (_request, reply) => {
      const more = () => void reply.write(Buffer.alloc(1024 ** 2), more);
      more();
    },
    async (url) => {
      await assert.rejects(patientFetch({ fetch })(url), { code: 'FORGE_REPLY_INVALID' });
      const { body } = await patientFetch({ fetch }, {}, true)(url);
      const reader = body?.getReader();
      assert.ok(((await reader?.read())?.value?.length ?? 0) > 0);
      await reader?.cancel();
    },
  ));
