import type { MarkedSpan } from '../parts/marked-span.ts';
import { ansiText, type Span } from '../../base/ansi.ts';
import type { LogLine } from '../../contract/run-log.ts';
import { countOf, lineNumbered, numberAt, type LineList } from './log-lines.ts';

/** The lines in which a text was found, as far as the search has come. */
export interface LogSearch {
  readonly list: LineList;
  /** In lower case: the case of letters makes no difference. */
  readonly needle: string;
  /** Numbers of the lines that hold it. */
  readonly found: number[];
  /** Number of the last line that was looked at. */
  looked: number;
}

export function createLogSearch(list: LineList, text: string): LogSearch {
  return { list, needle: text.toLowerCase(), found: [], looked: 0 };
}

/** Looks on for about `ms`; answers whether it has come to the end. `textOf` tells what is shown of an event. */
export function searchOn(search: LogSearch, textOf: (line: LogLine) => string, ms: number): boolean {
  const { list, needle, found } = search;
  const until = performance.now() + ms;
  const count = countOf(list);
  const first = firstAfter(list, search.looked);
  for (let at = first; at < count; at += 1) {
    if ((at - first) % 256 === 255 && performance.now() > until) return false;
    const number = numberAt(list, at);
    const line = lineNumbered(list.log, number);
    if (line && textOf(line).toLowerCase().includes(needle)) found.push(number);
    search.looked = number;
  }
  return true;
}

function firstAfter(list: LineList, number: number): number {
  let low = 0;
  let high = countOf(list);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numberAt(list, middle) <= number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The text of a program's line as it is shown. */
export function outputText(line: Extract<LogLine, { kind: 'output' }>): string {
  return ansiText(line.text);
}

/** Cuts spans where the needle begins and ends, and marks what lies between. */
export function markSpans(spans: readonly Span[], needle: string): readonly MarkedSpan[] {
  if (needle === '') return spans;
  const text = spans
    .map((span) => span.text)
    .join('')
    .toLowerCase();
  const edges: number[] = [];
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length)) {
    edges.push(at, at + needle.length);
  }
  if (edges.length === 0) return spans;
  const marked: MarkedSpan[] = [];
  let offset = 0;
  let edge = 0;
  for (const span of spans) {
    let from = 0;
    while (from < span.text.length) {
      while (edge < edges.length && (edges[edge] ?? 0) <= offset + from) edge += 1;
      const to = Math.min(span.text.length, (edges[edge] ?? Infinity) - offset);
      const text = span.text.slice(from, to);
      marked.push(edge % 2 === 1 ? { ...span, text, marked: true } : { ...span, text });
      from = to;
    }
    offset += span.text.length;
  }
  return marked;
}
