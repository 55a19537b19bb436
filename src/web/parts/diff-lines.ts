/** A line of a hunk as it is shown. */
export interface DiffLine {
  readonly kind: 'same' | 'gone' | 'new' | 'place';
  readonly oldNumber: number | undefined;
  readonly newNumber: number | undefined;
  readonly text: string;
  /** What of the text differs from the line that it replaces, as start and end. */
  readonly mark: readonly [number, number] | undefined;
}

/** The lines of unified hunks with their numbers, and marks where a line replaces one that is alike. */
export function diffLines(hunks: readonly string[]): DiffLine[] {
  return hunks.flatMap(linesOfHunk);
}

function linesOfHunk(hunk: string): DiffLine[] {
  const [head = '', ...body] = hunk.split('\n');
  const [, oldStart = '1', newStart = '1'] = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(head) ?? [];
  let oldNumber = Number(oldStart);
  let newNumber = Number(newStart);
  const none = { oldNumber: undefined, newNumber: undefined, mark: undefined };
  const lines: DiffLine[] = [{ ...none, kind: 'place', text: head }];
  for (const line of body) {
    const text = line.slice(1);
    if (line[0] === '-') lines.push({ ...none, kind: 'gone', oldNumber: oldNumber++, text });
    else if (line[0] === '+') lines.push({ ...none, kind: 'new', newNumber: newNumber++, text });
    else if (line[0] !== '\\') {
      lines.push({ ...none, kind: 'same', oldNumber: oldNumber++, newNumber: newNumber++, text });
    }
  }
  return markPairs(lines);
}

/** Pairs the lines of a removal with those of the addition after it, in order. */
function markPairs(lines: readonly DiffLine[]): DiffLine[] {
  const marked = [...lines];
  for (let at = 0; at < lines.length;) {
    const gone = runOf(lines, at, 'gone');
    const added = runOf(lines, at + gone, 'new');
    for (let index = 0; index < Math.min(gone, added); index += 1) {
      const [old, now] = [marked[at + index], marked[at + gone + index]];
      if (!old || !now) continue;
      const [oldMark, newMark] = differenceOf(old.text, now.text);
      marked[at + index] = { ...old, mark: oldMark };
      marked[at + gone + index] = { ...now, mark: newMark };
    }
    at += Math.max(1, gone + added);
  }
  return marked;
}

function runOf(lines: readonly DiffLine[], at: number, kind: DiffLine['kind']): number {
  let length = 0;
  while (lines[at + length]?.kind === kind) length += 1;
  return length;
}

type Mark = readonly [number, number] | undefined;

/** What lies between their common beginning and end, widened to words; nothing when too little is common. */
function differenceOf(old: string, now: string): readonly [Mark, Mark] {
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  while (start > 0 && /\w/.test(old[start - 1] ?? '')) start -= 1;
  while (end > 0 && /\w/.test(old[old.length - end] ?? '')) end -= 1;
  if (start + end < Math.max(old.length, now.length) * 0.2) return [undefined, undefined];
  return [
    [start, old.length - end],
    [start, now.length - end],
  ];
}
