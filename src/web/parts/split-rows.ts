import type { DiffLine } from './diff-lines.ts';

/** A row of two columns: what was, and what is. Of a place there is only the left one. */
export interface SplitRow {
  readonly old: DiffLine | undefined;
  readonly now: DiffLine | undefined;
}

/** Lines side by side: a removal beside the addition that takes its place, line by line. */
export function splitRows(lines: readonly DiffLine[]): SplitRow[] {
  const rows: SplitRow[] = [];
  for (let at = 0; at < lines.length;) {
    const gone = linesFrom(lines, at, 'gone');
    const added = linesFrom(lines, at + gone.length, 'new');
    for (let index = 0; index < Math.max(gone.length, added.length); index += 1)
      rows.push({ old: gone[index], now: added[index] });
    at += gone.length + added.length;
    const line = lines[at];
    if (gone.length + added.length > 0 || !line) continue;
    rows.push({ old: line, now: line.kind === 'place' ? undefined : line });
    at += 1;
  }
  return rows;
}

function linesFrom(lines: readonly DiffLine[], at: number, kind: DiffLine['kind']): DiffLine[] {
  let end = at;
  while (lines[end]?.kind === kind) end += 1;
  return lines.slice(at, end);
}
