import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ansiSpans } from '../base/ansi.ts';
import { addOutput, createRunLog, keepOutput, longestLine, loseOutput, type RunLog } from './run-log.ts';

const at = '2026-11-21T10:00:00.000Z';

function fold(...pieces: readonly (string | ['stderr', string])[]): RunLog {
  const log = createRunLog();
  for (const [index, piece] of pieces.entries()) {
    const [stream, text] = typeof piece === 'string' ? (['stdout', piece] as const) : piece;
    addOutput(log, index + 1, at, { stream, text });
  }
  return log;
}

const texts = (log: RunLog) =>
  log.lines.map((line) => (line.kind === 'output' ? line.text : line.event.type));

test('lines may come in pieces', () => {
  assert.deepEqual(texts(fold('a', 'b\nc', '', 'd', '\n\ne')), ['ab', 'cd', '', 'e']);
});

test('the streams do not mix within a line', () => {
  const log = fold('out', ['stderr', 'err\n'], ' goes on\n');
  assert.deepEqual(texts(log), ['out goes on', 'err']);
});

test('a carriage return overwrites the line, and before a line feed it does nothing', () => {
  assert.deepEqual(texts(fold('10%\r20%\r30%\n')), ['30%']);
  assert.deepEqual(texts(fold('10%', '\r', '20%', '\r', '\n')), ['20%']);
  assert.deepEqual(texts(fold('a\r\nb\r', '\nc')), ['a', 'b', 'c']);
  assert.deepEqual(texts(fold('a\r\r\nb')), ['a', 'b']);
});

test('a colour that was set before a carriage return or a line break still holds', () => {
  const log = fold('\x1b[31m10%\r20%\n30%\n');
  assert.deepEqual(
    log.lines.map((line) => line.kind === 'output' && ansiSpans(line.text, line.style)),
    [[{ text: '20%', ink: 'bad' }], [{ text: '30%', ink: 'bad' }]],
  );
});

test('a line that is too long goes on in the next', () => {
  const log = fold('x'.repeat(longestLine), 'y'.repeat(longestLine + 3), 'z\n');
  assert.deepEqual(
    log.lines.map((line) => line.kind === 'output' && [line.text.length, line.continued]),
    [
      [longestLine, false],
      [longestLine, true],
      [4, true],
    ],
  );
});

test('what a lost worker wrote is marked, and what comes again is not', () => {
  const log = fold('kept\n');
  keepOutput(log);
  addOutput(log, 2, at, { stream: 'stdout', text: '\x1b[1mhalf of a li' });
  loseOutput(log);
  addOutput(log, 3, at, { stream: 'stdout', text: 'half of a line\n' });
  assert.deepEqual(
    log.lines.map((line) => line.kind === 'output' && [line.text, line.style, line.lost]),
    [
      ['kept', 0, false],
      ['\x1b[1mhalf of a li', 0, true],
      ['half of a line', 0, false],
    ],
  );
});

test('where output is cut into events changes nothing', () => {
  const piece = fc.string({
    unit: fc.constantFrom('a', '\n', '\r', '\x1b[31m', '\x1b[0m', 'b'),
    maxLength: 12,
  });
  const shown = (log: RunLog) =>
    log.lines.map((line) => line.kind === 'output' && ansiSpans(line.text, line.style));
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      assert.deepEqual(shown(fold(...pieces)), shown(fold(pieces.join(''))));
    }),
    { numRuns: 1000 },
  );
});

test('a program that writes without end keeps the latest lines and counts those that are gone', () => {
  const log = createRunLog();
  const block = Array.from({ length: 10_000 }, (_, index) => `${index}\n`).join('');
  for (let seq = 1; seq <= 50; seq += 1) addOutput(log, seq, at, { stream: 'stdout', text: block });
  assert.equal(log.dropped + log.lines.length, 500_000);
  assert.ok(log.lines.length <= 400_000);
  const last = log.lines.at(-1);
  assert.equal(last?.kind === 'output' && last.text, '9999');
});
