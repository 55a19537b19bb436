import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { inert, inertLines, inertStream } from './inert.ts';

const hostile: readonly [what: string, text: string, shown: string][] = [
  ['a colour (CSI)', '\x1b[31mred', '\\x1b[31mred'],
  ['a window title (OSC)', '\x1b]0;owned\x07', '\\x1b]0;owned\\x07'],
  ['a clipboard write (OSC 52, ended by ST)', '\x1b]52;c;ZXZpbA==\x1b\\', '\\x1b]52;c;ZXZpbA==\\x1b\\'],
  ['a device control string (DCS)', '\x1bP$qm\x1b\\', '\\x1bP$qm\\x1b\\'],
  ['the one-byte CSI of C1', '\u009b2J', '\\x9b2J'],
  ['backspaces', 'safe\b\b\b\bevil', 'safe\\x08\\x08\\x08\\x08evil'],
  ['a right-to-left override', 'user\u202etxt.exe', 'user\\u202etxt.exe'],
  ['isolates and marks', '\u2066a\u2069\u200f\u061c', '\\u2066a\\u2069\\u200f\\u061c'],
  ['tag characters', '\u{e0041}', '\\u{e0041}'],
  ['NUL and DEL', '\0\x7f', '\\x00\\x7f'],
];

for (const [what, text, shown] of hostile) {
  test(`${what} is shown, not acted on`, () => {
    assert.equal(inert(text), shown);
    assert.equal(inertLines(text), shown);
  });
}

test('a title stays on one line', () => {
  assert.equal(inert('a\nb\tc\rd\u2028e'), 'a\\nb\\tc\\rd\\u2028e');
});

test('ordinary text of any script passes unchanged', () => {
  const text = 'Grüße, 世界, مرحبا, 👩‍👩‍👧 "quoted" \\n';
  assert.equal(inert(text), text);
  assert.equal(inertLines(text), text);
});

test('output keeps its lines and tabs, and a carriage return starts a line', () => {
  assert.equal(inertLines('a\tb\r\nc\n10%\r20%\r\n'), 'a\tb\nc\n10%\n20%\n');
});

test('cutting output into pieces changes nothing', () => {
  const piece = fc.string({ unit: fc.constantFrom('\r', '\n', '\x1b', '[', 'x', '\t') });
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const stream = inertStream();
      const shown = pieces.map((part) => stream.push(part)).join('') + stream.end();
      assert.equal(shown, inertLines(pieces.join('')));
    }),
  );
});

test('nothing that comes out is a control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(inert(text), /[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
    }),
  );
});
