import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventBody } from '../../../../contract/event.ts';
import { createRunOutput, hasEnded, sinceStart, takeEvent } from './output-store.ts';

const at = (ms: number) => new Date(1_700_000_000_000 + ms).toISOString();

function take(bodies: readonly EventBody[]) {
  const output = createRunOutput();
  for (const [index, body] of bodies.entries())
    takeEvent(output, { runId: 'r', seq: index + 1, at: at(index * 100), ...body } as Event);
  return output;
}

const step = { step: 'run', ordinal: 0 };
const wrote = (text: string): EventBody => ({ type: 'output', data: { stream: 'stdout', text } });
const texts = (output: ReturnType<typeof take>) =>
  output.log.lines.map((line) => (line.kind === 'output' ? [line.text, line.lost] : []));

test('events come to a status, lines and figures', () => {
  const output = take([
    { type: 'run.queued', data: { reason: 'started' } },
    { type: 'run.started', data: { worker: 'w', attempt: 1 } },
    { type: 'step.started', data: { ...step, attempt: 1 } },
    wrote('é\nx'),
    wrote('y\n'),
  ]);
  assert.deepEqual(
    [output.status, output.outputBytes, texts(output)],
    [
      'running',
      6,
      [
        ['é', false],
        ['xy', false],
      ],
    ],
  );
  const line = output.log.lines[0];
  assert.equal(sinceStart(line?.at ?? '', output.startedAt), '0.100');
  takeEvent(output, { runId: 'r', seq: 4, at: at(0), ...wrote('again') } as Event);
  assert.equal(output.log.lines.length, 2, 'an event that came before is left out');
  takeEvent(output, { runId: 'r', seq: 6, at: at(0), type: 'run.succeeded', data: { usage: {} } });
  assert.ok(hasEnded(output));
});

test('output that comes again after its worker was lost is marked', () => {
  const output = take([
    { type: 'step.started', data: { ...step, attempt: 1 } },
    wrote('one\n'),
    { type: 'run.queued', data: { reason: 'recovered' } },
    { type: 'step.started', data: { ...step, attempt: 2 } },
    wrote('one\n'),
  ]);
  assert.deepEqual(texts(output), [
    ['one', true],
    ['one', false],
  ]);
  assert.equal(output.outputBytes, 4);
});
