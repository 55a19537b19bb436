import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ansiSpans, ansiText, inkNames, styleAfter } from './ansi.ts';

test('colours become names of the design', () => {
  assert.deepEqual(ansiSpans('\x1b[31mred\x1b[0m plain \x1b[1;32mbold green'), [
    { text: 'red', ink: 'bad' },
    { text: ' plain ' },
    { text: 'bold green', ink: 'ok', bold: true },
  ]);
  assert.deepEqual(ansiSpans('\x1b[33my\x1b[34mb\x1b[35mm\x1b[36mc\x1b[90mg\x1b[39m-'), [
    { text: 'y', ink: 'you' },
    { text: 'b', ink: 'live' },
    { text: 'm', ink: 'text2' },
    { text: 'c', ink: 'live' },
    { text: 'g', ink: 'text3' },
    { text: '-' },
  ]);
});

test('256 colours and true colours take the nearest name', () => {
  const inkOf = (sgr: string) => ansiSpans(`\x1b[${sgr}mx`)[0]?.ink;
  assert.deepEqual(
    [
      '38;5;9',
      '38;5;196',
      '38;5;46',
      '38;5;21',
      '38;5;244',
      '38;2;255;200;0',
      '38:2:10:20:200',
      '38;5;255',
    ].map(inkOf),
    ['bad', 'bad', 'ok', 'live', 'text3', 'you', 'live', 'ink'],
  );
});

test('inverse swaps ink and paper, and is taken back', () => {
  assert.deepEqual(ansiSpans('\x1b[7;31mon\x1b[27moff'), [
    { text: 'on', paper: 'bad' },
    { text: 'off', ink: 'bad' },
  ]);
  assert.deepEqual(ansiSpans('\x1b[7mon'), [{ text: 'on', paper: 'ink' }]);
});

test('a style goes on in the next line', () => {
  const style = styleAfter('\x1b[31mred', 0);
  assert.deepEqual(ansiSpans('still red', style), [{ text: 'still red', ink: 'bad' }]);
  assert.equal(styleAfter('\x1b[m', style), 0);
});

const dropped: readonly [what: string, text: string, shown: string][] = [
  ['cursor movement', 'a\x1b[2Jb\x1b[10;10Hc\x1b[Kd', 'abcd'],
  ['a window title', '\x1b]0;owned\x07shown', 'shown'],
  ['a clipboard write', '\x1b]52;c;ZXZpbA==\x1b\\shown', 'shown'],
  ['a hyperlink, not its text', '\x1b]8;;https://evil.example\x07click\x1b]8;;\x07', 'click'],
  ['a device control string', '\x1bP$qm\x1b\\shown', 'shown'],
  ['one-byte controls of C1', '\u009b31mred\u009d0;t\u009c', 'red'],
  ['character sets and keypad modes', '\x1b(B\x1b=\x1b>text\x1bc', 'text'],
];
for (const [what, text, shown] of dropped) {
  test(`${what} is dropped`, () => {
    assert.equal(ansiText(text), shown);
    assert.equal(
      ansiSpans(text)
        .map((span) => span.text)
        .join(''),
      shown,
    );
  });
}

test('what is malformed, reorders text or cannot be seen is shown as its escape', () => {
  assert.equal(ansiText('\x1b[31'), '\\x1b[31');
  assert.equal(ansiText('\x1b]0;open'), '\\x1b]0;open');
  assert.equal(ansiText('a\0b\u202ec\bd'), 'a\\x00b\\u202ec\\x08d');
  assert.equal(ansiText('a\tb'), 'a\tb');
});

const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\x1b',
      '[',
      ']',
      'm',
      ';',
      ':',
      '3',
      '38',
      '5',
      '1',
      '\x07',
      '\\',
      'P',
      '\u009b',
      '\u009c',
      '\t',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});

test('no control character comes out, whatever goes in', () => {
  fc.assert(
    fc.property(nasty, fc.nat(16_383), (text, style) => {
      const spans = ansiSpans(text, style);
      for (const span of spans) {
        assert.doesNotMatch(span.text, /[\0-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
        assert.ok(span.ink === undefined || inkNames.includes(span.ink));
      }
      assert.equal(spans.map((span) => span.text).join(''), ansiText(text));
    }),
    { numRuns: 2000 },
  );
});

test('text without sequences passes unchanged, in any script', () => {
  const text = 'Grüße, 世界, مرحبا, 👩‍👩‍👧 <b>not bold</b> &amp;';
  assert.deepEqual(ansiSpans(text), [{ text }]);
});

test('a long line of unfinished sequences takes no longer than its length', () => {
  const line = '\x1b]0;\u009dx'.repeat(50_000);
  assert.equal(ansiText(line).length, line.length + 6 * 50_000);
});
