import { randomBytes, randomFillSync } from 'node:crypto';

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const noise = new Uint8Array(10);

/** A UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then random; sorts by time of making. */
export function newId(now: number = Date.now()): string {
  randomFillSync(noise);
  const time = now.toString(16).padStart(12, '0');
  const hex = Buffer.from(noise).toString('hex');
  const variant = ((noise[2] ?? 0) & 0x3f) | 0x80;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(1, 4)}-${variant.toString(16)}${hex.slice(6, 8)}-${hex.slice(8)}`;
}

/** True for the text of a UUIDv7 in lower case. */
export function isId(text: string): boolean {
  return pattern.test(text);
}

/** A random token of `bytes` bytes in base64url, for keys and links. */
export function newToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}
