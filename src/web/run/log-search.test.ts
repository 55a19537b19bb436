import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ansiSpans } from '../../base/ansi.ts';
import { addOutput, createRunLog } from '../../contract/run-log.ts';
import { countOf, createLineList, growLineList, indexOf, numberAt } from './log-lines.ts';
import { createLogSearch, markSpans, outputText, searchOn } from './log-search.ts';

const at = '2026-11-21T10:00:00.000Z';
const textOf = (line: Parameters<typeof outputText>[0] | { kind: 'event' }) =>
  line.kind === 'output' ? outputText(line) : '';

function logOf(count: number) {
  const log = createRunLog();
  for (let index = 1; index <= count; index += 1) {
    const stream = index % 10 === 0 ? 'stderr' : 'stdout';
    addOutput(log, index, at, { stream, text: `line \x1b[31m${index}\x1b[0m\n` });
  }
  return log;
}

test('a filter lists its lines by number, and takes in those that come later', () => {
  const log = logOf(25);
  const list = createLineList(log, 'errors');
  growLineList(list);
  assert.deepEqual(list.numbers, [10, 20]);
  addOutput(log, 26, at, { stream: 'stderr', text: 'late\n' });
  growLineList(list);
  assert.deepEqual([countOf(list), numberAt(list, 2), indexOf(list, 26), indexOf(list, 11)], [3, 26, 2, 1]);
});

test('a search finds what is shown, across colours and in any case, a slice at a time', () => {
  const list = createLineList(logOf(2000), 'all');
  const search = createLogSearch(list, 'LINE 19');
  while (!searchOn(search, textOf, 0));
  assert.deepEqual(search.found.slice(0, 3), [19, 190, 191]);
  assert.equal(search.found.length, 111);
  assert.equal(searchOn(search, textOf, 0), true);
  assert.equal(search.found.length, 111);
});

test('marks hold what was looked for and nothing else', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', '\x1b[31m', '\x1b[0m', 'A') }),
      fc.constantFrom('a', 'ab', 'bb'),
      (line, needle) => {
        const spans = ansiSpans(line);
        const marked = markSpans(spans, needle);
        assert.equal(marked.map(({ text }) => text).join(''), spans.map(({ text }) => text).join(''));
        const hits = marked.filter((span) => span.marked).map(({ text }) => text.toLowerCase());
        const whole = spans
          .map(({ text }) => text)
          .join('')
          .toLowerCase();
        assert.equal(hits.join(''), needle.repeat(whole.split(needle).length - 1));
      },
    ),
  );
});
