import { inert } from '../base/inert.ts';

/**
 * Aligned columns under a head line. Cells are made inert. Where the table is wider than `columns`, the last column is
 * cut with an ellipsis; a pipe (`columns` infinite) gets everything.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => inert(cell)));
  const widths = head.map((_, at) => Math.max(...cells.map((row) => displayWidth(row[at] ?? ''))));
  return cells
    .map((row) =>
      fitted(
        row
          .map((cell, at) => pad(cell, widths[at] ?? 0))
          .join('  ')
          .trimEnd(),
        columns,
      ),
    )
    .join('\n');
}

/** `name  value` lines, the names aligned. Values are made inert, line by line. */
export function details(
  pairs: readonly (readonly [name: string, value: string | null | undefined])[],
): string {
  const told = pairs.filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== '',
  );
  const width = Math.max(0, ...told.map(([name]) => displayWidth(name)));
  return told.map(([name, value]) => `${pad(name, width)}  ${inert(value)}`).join('\n');
}

/** Columns that a terminal gives the text: two for East Asian wide characters and emoji, none for combining marks. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text)
    width += /\p{Mn}|\p{Me}|\u200d/u.test(character) ? 0 : isWide(character) ? 2 : 1;
  return width;
}

function isWide(character: string): boolean {
  return /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
    character,
  );
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** One line that is no wider than this. */
export function fitted(line: string, columns: number): string {
  if (displayWidth(line) <= columns) return line;
  let kept = '';
  for (const character of line) {
    if (displayWidth(kept + character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
