import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { callOf, withGateway } from '../../../test/support/with-gateway.ts';
import { patientFetch } from './patient-fetch.ts';

async function withServer(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  trial: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer(handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await trial(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Node's own fetch gives up after 300 s of silence; here after a moment, as for everybody who uses its dispatcher. */
function shortenNodesPatience(): () => void {
  const places = [1, 2].map((version) => Symbol.for(`undici.globalDispatcher.${version}`));
  const before = places.map((place) => Reflect.get(globalThis, place));
  for (const [at, place] of places.entries())
    if (before[at])
      Reflect.set(globalThis, place, new before[at].constructor({ headersTimeout: 100, bodyTimeout: 100 }));
  return () => {
    for (const [at, place] of places.entries()) Reflect.set(globalThis, place, before[at]);
  };
}

const completion = {
  choices: [{ index: 0, message: { role: 'assistant', content: 'At last.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 5 },
};

test("a model may be silent for longer than Node's fetch waits", async () => {
  const release = Promise.withResolvers<void>();
  const asked: string[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    asked.push(request.url ?? '');
    if (request.url === '/at-once') return void response.end();
    await release.promise;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(' ');
    response.end(JSON.stringify(completion));
  };
  await withServer(
    (request, response) => void handle(request, response),
    async (url) => {
      await (await fetch(`${url}/at-once`)).text();
      const restore = shortenNodesPatience();
      const settings = { baseUrls: { 'openai-compatible': `${url}/v1` } };
      try {
        await withGateway({ settings }, async ({ gateway }) => {
          const answer = gateway.complete(callOf({ model: 'openai-compatible/slow' }));
          const impatient = await fetch(`${url}/other`).then(
            () => undefined,
            (error: Error) => error.cause,
          );
          assert.match(String(impatient), /Headers Timeout/);
          release.resolve();
          const came = await answer;
          assert.ok(came.kind === 'answer');
          assert.deepEqual(came.parts, [{ kind: 'text', text: 'At last.' }]);
          assert.equal(asked.filter((path) => path.startsWith('/v1')).length, 1);
        });
      } finally {
        restore();
      }
    },
  );
});

test('sends and brings back what fetch would, follows no redirect, and ends with the signal', async () => {
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/away') return void response.writeHead(302, { location: '/echo' }).end();
    if (request.url === '/endless') return void response.writeHead(200).write('begun');
    const { method, headers } = request;
    const body = JSON.stringify({ method, key: headers['x-key'], body: await text(request) });
    response.writeHead(201, { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] }).end(body);
  };
  await withServer(
    (request, response) => void handle(request, response),
    async (url) => {
      const request = { method: 'POST', headers: { 'X-Key': 'k' }, body: 'ä' };
      const reply = await patientFetch(`${url}/echo`, request);
      assert.deepEqual([reply.status, reply.ok], [201, true]);
      assert.deepEqual(reply.headers.getSetCookie(), ['a=1', 'b=2']);
      assert.deepEqual(await reply.json(), { method: 'POST', key: 'k', body: 'ä' });

      await assert.rejects(patientFetch(`${url}/away`, { redirect: 'error' }), TypeError);
      assert.equal((await patientFetch(`${url}/away`, { redirect: 'manual' })).status, 302);

      await (await patientFetch(`${url}/endless`)).body?.cancel();

      const leaving = new AbortController();
      const endless = await patientFetch(`${url}/endless`, { signal: leaving.signal });
      const reading = endless.text();
      const why = new Error('enough');
      leaving.abort(why);
      await assert.rejects(reading, why);
      await assert.rejects(patientFetch(url, { signal: leaving.signal }), why);
    },
  );
  const nobody = await patientFetch('http://127.0.0.1:1/').catch((error: unknown) => error);
  assert.ok(nobody instanceof TypeError && nobody.cause instanceof Error && 'code' in nobody.cause);
  assert.equal(nobody.cause.code, 'ECONNREFUSED');
});
