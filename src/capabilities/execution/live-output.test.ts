import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test } from 'node:test';
import type { StoryEvent } from '../../kernel/context.ts';
import { createLiveOutput } from './live-output.ts';

function record(stage?: string) {
  const events: StoryEvent[] = [];
  const passedOn = new EventEmitter();
  const live = createLiveOutput((event) => {
    events.push(event);
    passedOn.emit('event');
  }, stage);
  const write = (stream: 'stdout' | 'stderr', data: string | Uint8Array) =>
    live.write({ stream, data: Buffer.from(data) });
  const texts = () =>
    events.map((event) => (event.type === 'output' ? `${event.data.stream} ${event.data.text}` : event.type));
  return { live, write, texts, events, passedOn };
}

test('output is passed on by itself, and what comes closely together travels together', async () => {
  const { live, write, texts, passedOn } = record();
  write('stdout', 'a');
  write('stdout', 'b');
  assert.deepEqual(texts(), []);
  await once(passedOn, 'event');
  assert.deepEqual(texts(), ['stdout ab']);
  write('stdout', 'c');
  assert.deepEqual(live.end(false), { stdout: 'abc', stderr: '' });
  assert.deepEqual(texts(), ['stdout ab', 'stdout c']);
});

test('the order of both streams is kept', () => {
  const { live, write, texts } = record();
  for (const [stream, text] of [
    ['stdout', '1'],
    ['stderr', '2'],
    ['stderr', '3'],
    ['stdout', '4'],
  ] as const)
    write(stream, text);
  assert.deepEqual(live.end(false), { stdout: '14', stderr: '23' });
  assert.deepEqual(texts(), ['stdout 1', 'stderr 23', 'stdout 4']);
});

test('a character that comes in pieces is put together, on each stream by itself', () => {
  const { live, write } = record();
  const bytes = Buffer.from('€😀');
  for (const byte of bytes) {
    write('stdout', Uint8Array.of(byte));
    write('stderr', Uint8Array.of(byte));
  }
  assert.deepEqual(live.end(false), { stdout: '€😀', stderr: '€😀' });
});

test('bytes that are no UTF-8 become U+FFFD, control sequences, NUL and a byte order mark stay', () => {
  const { live, write } = record();
  write('stdout', Uint8Array.of(0xef, 0xbb, 0xbf, 0xff, 0x41, 0, 0x1b, 0x5b, 0x32, 0x4a, 0xc3));
  assert.equal(live.end(false).stdout, '\ufeff\ufffdA\0\u001b[2J\ufffd');
});

test('a character cut by truncation is dropped', () => {
  const { live, write } = record();
  write('stdout', Uint8Array.of(0x41, 0xe2, 0x82));
  assert.equal(live.end(true).stdout, 'A');
});

test('output of the compile stage says so', () => {
  const { live, write, events } = record('compile');
  write('stderr', 'x');
  live.end(false);
  assert.deepEqual(events, [{ type: 'output', data: { stream: 'stderr', text: 'x', stage: 'compile' } }]);
});
