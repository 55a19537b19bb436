import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScreenFilter } from './screen-filter.ts';

const shown = (text: string) => createScreenFilter().push(text);

test('text, colours, moving, erasing and the other screen pass', () => {
  for (const text of [
    'plain é 漢\r\n\tx\b\u0007',
    '\u001b[1;31mred\u001b[0m\u001b[38;5;200mx\u001b[38:2::1:2:3my',
    '\u001b[2J\u001b[H\u001b[10;20Hx\u001b[K\u001b[3A\u001b[?25l\u001b[?1049h\u001b7\u001b8\u001bM',
  ])
    assert.equal(shown(text), text);
});

test('what talks to the terminal itself is left out', () => {
  const cases: readonly (readonly [hostile: string, left: string])[] = [
    ['a\u001b]0;title\u0007b', 'ab'],
    ['a\u001b]52;c;aGk=\u001b\\b', 'ab'],
    ['a\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\b', 'alinkb'],
    ['a\u001bP$qm\u001b\\b\u001b_x\u001b\\\u001b^y\u001b\\\u001bXz\u001b\\c', 'abc'],
    ['a\u001b[6nb\u001b[cc\u001b[>cd\u001b[21te\u001b[?1000hf\u001b[?1006hg\u001b[5ih', 'abcdefgh'],
    ['a\u001b(0b\u001bcc\u001bZd\u001b#8e\u001b[!pf\u001b[61"pg', 'abcdefg'],
    ['a\u009b31mb\u009d0;x\u009cc\u0005d\u000ee\u007f', 'a31mb0;xcde'],
    ['a\u202eb\u2066c\u200fd', 'abcd'],
    ['a\u001b[31\u0000mb', 'amb'],
  ];
  for (const [hostile] of cases)
    assert.doesNotMatch(
      shown(hostile),
      /[\u0000-\u0006\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u,
      JSON.stringify(hostile),
    );
  for (const [hostile, left] of cases.slice(0, 5)) assert.equal(shown(hostile), left);
});

test('however a sequence is cut into pieces, it comes out the same', () => {
  const whole = 'a\u001b[1;31mb\u001b]0;title\u001b\\c\u001b[6nd\u001b]52;c;x\u0007e\u001b[?25lf';
  const expected = shown(whole);
  assert.equal(expected, 'a\u001b[1;31mbcde\u001b[?25lf');
  for (let size = 1; size < whole.length; size += 1) {
    const filter = createScreenFilter();
    let out = '';
    for (let at = 0; at < whole.length; at += size) out += filter.push(whole.slice(at, at + size));
    assert.equal(out, expected, `pieces of ${size}`);
  }
});

test('a sequence or string that never ends is held no longer than it may be, and shows nothing', () => {
  const filter = createScreenFilter();
  assert.equal(filter.push(`\u001b[${'1;'.repeat(5000)}`), '');
  assert.equal(filter.push('x'), 'x');
  assert.equal(filter.push(`\u001b]0;${'y'.repeat(100_000)}`), '');
  assert.equal(filter.push('z\u0007shown'), 'shown');
});

test('at the end the screen is put back as it was', () => {
  const filter = createScreenFilter();
  filter.push('\u001b[?1049h\u001b[?25l');
  assert.match(filter.end(), /\u001b\[\?1049l.*\u001b\[\?25h.*\u001b\[m$/);
  assert.doesNotMatch(createScreenFilter().end(), /\?1049|\?25/);
});
