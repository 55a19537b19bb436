import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseEventStream } from './server-sent-events.ts';

async function parse(pieces: Iterable<Uint8Array>) {
  async function* body() {
    yield* pieces;
  }
  const found = [];
  for await (const event of parseEventStream(body())) found.push(event);
  return found;
}

const stream = Buffer.from(
  'retry: 1000\n\n: heartbeat\n\nid: 1\nevent: output\ndata: {"text":"é👩"}\n\nid: 2\r\ndata:a\r\ndata: b\r\n\r\nid: 3\ndata: cut off',
);
const events = [
  { id: '1', event: 'output', data: '{"text":"é👩"}' },
  { id: '2', event: 'message', data: 'a\nb' },
];

test('events are read, heartbeats passed over, and a cut-off event left out', async () => {
  assert.deepEqual(await parse([stream]), events);
});

test('how the network cuts the stream makes no difference', async () => {
  const cut = fc.array(fc.nat(stream.length), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(cut, async (places) => {
      const edges = [0, ...places.toSorted((a, b) => a - b), stream.length];
      const pieces = edges.slice(1).map((end, at) => stream.subarray(edges[at], end));
      assert.deepEqual(await parse(pieces), events);
    }),
  );
});
