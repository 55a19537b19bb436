import { stripVTControlCharacters } from 'node:util';

const longestTail = 16_000;
/* Of a log that is larger, the beginning goes by without being kept. */
const keptBytes = 256 * 1024;
const mostBytes = 64 * 1024 ** 2;

/** The end of a log, as plain text without times and control characters; reads 64 MiB of it at most. */
export async function readLogTail(body: AsyncIterable<Uint8Array>): Promise<string> {
  let kept = Buffer.alloc(0);
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    kept = Buffer.concat([kept, piece]);
    if (kept.length > 2 * keptBytes) kept = kept.subarray(-keptBytes);
    if (size > mostBytes) break;
  }
  return logTail(kept.subarray(-keptBytes).toString());
}

function logTail(text: string): string {
  const plain = stripVTControlCharacters(text)
    .replaceAll('\r\n', '\n')
    // A line that a program wrote over again, as progress bars do: what stood there last.
    .replace(/^.*\r(?=[^\n])/gm, '')
    .replace(/^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z ?/gm, '')
    .replace(/[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}]/gu, '')
    .trimEnd();
  if (plain.length <= longestTail) return plain;
  const cut = plain.slice(-longestTail);
  return `(The beginning is left out.)\n${cut.slice(cut.indexOf('\n') + 1)}`;
}
