// The POSIX pax format (IEEE Std 1003.1, pax): ustar headers, with an extended header before each for the name in UTF-8.
const blockBytes = 512;

export interface TarFile {
  readonly name: string;
  readonly bytes: number;
  /** Unix seconds. */
  readonly time: number;
  readonly content: AsyncIterable<Uint8Array>;
}

/** An archive of plain files, written while it is read. Throws when a file has not as many bytes as it said. */
export async function* tarStream(
  files: AsyncIterable<TarFile> | Iterable<TarFile>,
): AsyncGenerator<Uint8Array> {
  for await (const { name, bytes, time, content } of files) {
    const path = Buffer.from(paxRecord('path', name));
    yield header('pax', path.length, time, 'x');
    yield path;
    yield padding(path.length);
    yield header('file', bytes, time, '0');
    let left = bytes;
    for await (const piece of content) {
      left -= piece.length;
      yield piece;
    }
    if (left !== 0) throw new RangeError(`a file for the archive has ${-left} bytes more than it said`);
    yield padding(bytes);
  }
  yield Buffer.alloc(2 * blockBytes);
}

/** `LENGTH KEY=VALUE\n`, where the length counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  if (bytes + String(length).length !== length) length = bytes + String(length).length;
  return `${length}${rest}`;
}

function header(name: string, bytes: number, time: number, type: '0' | 'x'): Buffer {
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width, '0')}\0`;
  block.write(name, 0);
  block.write(octal(0o644, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(bytes, 11), 124);
  block.write(octal(Math.max(0, Math.floor(time)), 11), 136);
  block.write(' '.repeat(8), 148);
  block.write(type, 156);
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function padding(bytes: number): Buffer {
  return Buffer.alloc((blockBytes - (bytes % blockBytes)) % blockBytes);
}
