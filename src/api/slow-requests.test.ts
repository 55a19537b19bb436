import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { letUpload, watchBodies } from './slow-requests.ts';

const patience = { bodyMs: 300, upload: { spanMs: 300, leastBytes: 20 } };

/** Sends a head that promises `length` bytes, then those that `pieces` names, and answers what came back. */
async function send(
  t: TestContext,
  path: string,
  { length, pieces, everyMs }: { length: number; pieces: number; everyMs: number },
): Promise<string> {
  const server = createServer(async (request: IncomingMessage, response) => {
    if (request.url === '/upload') letUpload(request);
    let bytes = 0;
    try {
      for await (const piece of request) bytes += piece.length;
      response.end(`got ${bytes}`);
    } catch {
      // It was hung up on.
    }
  });
  server.requestTimeout = 0;
  watchBodies(server, patience);
  server.on('clientError', () => undefined);
  t.after(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  let said = '';
  socket.setEncoding('utf8').on('data', (text: string) => (said += text));
  const closed = once(socket, 'close');
  socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${length}\r\n\r\n`);
  for (let n = 0; n < pieces && !socket.destroyed && socket.writable; n += 1) {
    socket.write('x'.repeat(10));
    await pause(everyMs);
  }
  await closed;
  return said;
}

test('a body that does not arrive is hung up on, with a word', async (t) => {
  assert.match(await send(t, '/', { length: 1000, pieces: 1, everyMs: 0 }), /^HTTP\/1.1 408 .*too long/s);
});

test('an upload over a slow line may take longer, as long as it goes on', async (t) => {
  assert.match(await send(t, '/upload', { length: 400, pieces: 40, everyMs: 25 }), /got 400/);
  assert.match(await send(t, '/', { length: 400, pieces: 40, everyMs: 25 }), /^HTTP\/1.1 408/);
});

test('an upload that is slower than any line is hung up on', async (t) => {
  assert.match(await send(t, '/upload', { length: 1000, pieces: 1, everyMs: 0 }), /^HTTP\/1.1 408/);
});
