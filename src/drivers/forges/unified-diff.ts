/** What the parts of a diff's file are called by forges that list files. */
export interface DiffFile {
  readonly path: string;
  readonly before: string;
  readonly status: 'added' | 'removed' | 'changed';
  /** The hunks; undefined where the forge leaves them out: binary or too large. */
  readonly hunks: string | undefined;
}

export interface CappedText {
  readonly text: string;
  readonly truncated: boolean;
}

/** Reads a body up to `maxBytes` and leaves the rest; the last character is whole. */
export async function readCapped(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<CappedText> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    pieces.push(piece);
    size += piece.length;
    if (size > maxBytes) break;
  }
  return cap(Buffer.concat(pieces), maxBytes);
}

/** Joins files to a unified diff of at most `maxBytes`; asks for no more of them than needed. */
export async function joinFiles(files: AsyncIterable<DiffFile>, maxBytes: number): Promise<CappedText> {
  const pieces: string[] = [];
  let size = 0;
  for await (const file of files) {
    const text = unified(file);
    pieces.push(text);
    size += Buffer.byteLength(text);
    if (size > maxBytes) break;
  }
  return cap(Buffer.from(pieces.join('')), maxBytes);
}

function unified({ path, before, status, hunks }: DiffFile): string {
  const head = `diff --git a/${before} b/${path}\n`;
  const moved = status === 'changed' && before !== path ? `rename from ${before}\nrename to ${path}\n` : '';
  if (hunks === undefined) return `${head}${moved}(left out by the forge: binary or too large)\n`;
  if (hunks === '') return head + moved;
  const from = status === 'added' ? '/dev/null' : `a/${before}`;
  const to = status === 'removed' ? '/dev/null' : `b/${path}`;
  return `${head}${moved}--- ${from}\n+++ ${to}\n${hunks}${hunks.endsWith('\n') ? '' : '\n'}`;
}

function cap(bytes: Buffer, maxBytes: number): CappedText {
  if (bytes.length <= maxBytes) return { text: bytes.toString(), truncated: false };
  // A fatal decoder would refuse the cut character; a streaming one keeps it back.
  const text = new TextDecoder().decode(bytes.subarray(0, maxBytes), { stream: true });
  return { text, truncated: true };
}
