import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TerminalInput } from '../../../../contract/terminal.ts';
import { createInputSender } from './input-sender.ts';

const text = (value: string): TerminalInput => ({ type: 'stdin', text: value });

test('what is typed arrives in its order, and together while a piece is on its way', async () => {
  const sent: TerminalInput[] = [];
  const gate = Promise.withResolvers<void>();
  const sender = createInputSender(
    async (input) => {
      sent.push(input);
      if (sent.length === 1) await gate.promise;
    },
    () => assert.fail(),
  );
  for (const key of ['a', 'b', 'c']) sender.send(text(key));
  sender.send({ type: 'resize', rows: 1, cols: 1 });
  sender.send({ type: 'resize', rows: 2, cols: 2 });
  sender.send(text('d'));
  sender.send({ type: 'interrupt' });
  sender.send(text('e'));
  gate.resolve();
  await sender.idle();
  assert.deepEqual(sent, [
    text('a'),
    text('bc'),
    { type: 'resize', rows: 2, cols: 2 },
    text('d'),
    { type: 'interrupt' },
    text('e'),
  ]);
});

test('what is refused is told once, and the next goes on', async () => {
  const sent: TerminalInput[] = [];
  const refused: unknown[] = [];
  const sender = createInputSender(
    async (input) => {
      sent.push(input);
      if (sent.length === 1) throw new Error('no');
    },
    (error) => refused.push(error),
  );
  sender.send(text('a'));
  sender.send(text('b'));
  await sender.idle();
  assert.deepEqual([sent.length, refused.length], [1, 1]);
  sender.send(text('c'));
  await sender.idle();
  assert.deepEqual(sent, [text('a'), text('c')]);
});

test('a long text goes in pieces', async () => {
  const sent: TerminalInput[] = [];
  const gate = Promise.withResolvers<void>();
  const sender = createInputSender(
    async (input) => {
      sent.push(input);
      await gate.promise;
    },
    () => assert.fail(),
  );
  for (let count = 0; count < 4; count += 1) sender.send(text('x'.repeat(40_000)));
  gate.resolve();
  await sender.idle();
  assert.ok(sent.every((each) => each.type === 'stdin' && 'text' in each && each.text.length <= 60_000));
  assert.equal(sent.length, 4);
});
