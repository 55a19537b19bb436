// The POSIX ustar format (IEEE Std 1003.1, pax, "ustar Interchange Format"): 512-byte header, data, zeros to the next
// 512. A backup is a plain .tar.gz, so that it can be looked into without Gantry.
const blockBytes = 512;
const largestEntryBytes = 2 ** 31;

export interface TarEntry {
  readonly name: string;
  readonly data: Buffer;
}

/** One file of an archive: its header, its data, its padding. `name` has at most 100 bytes. */
export function tarEntry({ name, data }: TarEntry): Buffer {
  const header = Buffer.alloc(blockBytes);
  if (Buffer.byteLength(name) > 100) throw new RangeError(`the name ${name} is too long for a tar header`);
  header.write(name, 0);
  header.write('0000600\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('0', 156);
  header.write('ustar\x0000', 257, 'latin1');
  header.write(`${checksum(header).toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, data, Buffer.alloc(padding(data.length))]);
}

/** What closes an archive. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * blockBytes);
}

/** The files of an archive, one after the other, each as a whole. Throws when it is damaged or ends too early. */
export async function* readTar(chunks: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const source = chunks[Symbol.asyncIterator]();
  const take = reader(source);
  for (;;) {
    const header = await take(blockBytes);
    if (header.every((byte) => byte === 0)) break;
    const stored = Number.parseInt(header.toString('latin1', 148, 156), 8);
    if (stored !== checksum(header)) throw new Error('a tar header is damaged');
    const size = Number.parseInt(header.toString('latin1', 124, 136), 8);
    if (!(size <= largestEntryBytes)) throw new Error('a tar header names an impossible size');
    const data = await take(size);
    await take(padding(size));
    yield { name: header.toString('utf8', 0, 100).replace(/\0.*$/s, ''), data };
  }
  // A compressed stream shows only at its very end that it is whole.
  while (!(await source.next()).done);
}

function checksum(header: Buffer): number {
  return header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);
}

function padding(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes;
}

function reader(source: AsyncIterator<Buffer>): (size: number) => Promise<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  return async (size) => {
    while (bytes < size) {
      const next = await source.next();
      if (next.done) throw new Error('the archive ends too early');
      held.push(next.value);
      bytes += next.value.length;
    }
    const whole = Buffer.concat(held);
    held = [whole.subarray(size)];
    bytes -= size;
    return whole.subarray(0, size);
  };
}
