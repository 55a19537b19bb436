import { isUtf8 } from 'node:buffer';

const magic: readonly (readonly [type: string, offset: number, bytes: string])[] = [
  ['image/png', 0, '89504e470d0a1a0a'],
  ['image/jpeg', 0, 'ffd8ff'],
  ['image/gif', 0, '474946383761'],
  ['image/gif', 0, '474946383961'],
  ['image/webp', 8, '57454250'],
  ['application/pdf', 0, '255044462d'],
  ['application/zip', 0, '504b0304'],
  ['application/gzip', 0, '1f8b08'],
  ['application/zstd', 0, '28b52ffd'],
  ['application/x-xz', 0, 'fd377a585a00'],
];

/**
 * What a file is by its bytes, never by its name. Text is text/plain whatever it says: markup that a stranger wrote must
 * not become a page. What is neither known nor text is application/octet-stream.
 */
export function mediaTypeOf(content: Uint8Array): string {
  const head = Buffer.from(content.subarray(0, 16)).toString('hex');
  const found = magic.find(([, offset, bytes]) => head.startsWith(bytes, offset * 2));
  if (found && (found[0] !== 'image/webp' || head.startsWith('52494646'))) return found[0];
  return isUtf8(content) && !content.includes(0) ? 'text/plain' : 'application/octet-stream';
}
