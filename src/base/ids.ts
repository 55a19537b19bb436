import { randomBytes, randomFillSync } from 'node:crypto';

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const noise = new Uint8Array(10);
const latest = { time: 0, count: 0 };

/**
 * A UUIDv7: 48 bits of Unix milliseconds, a 12-bit counter, then random (RFC 9562, section 6.2, method 1). Ids of one
 * process sort in the order of their making.
 */
export function newId(now: number = Date.now()): string {
  randomFillSync(noise);
  if (now > latest.time) {
    latest.time = now;
    latest.count = (((noise[0] ?? 0) << 8) | (noise[1] ?? 0)) & 0x7ff;
  } else if (latest.count === 0xfff) {
    latest.time += 1;
    latest.count = 0;
  } else {
    latest.count += 1;
  }
  const time = latest.time.toString(16).padStart(12, '0');
  const count = latest.count.toString(16).padStart(3, '0');
  const variant = (((noise[2] ?? 0) & 0x3f) | 0x80).toString(16);
  const rest = Buffer.from(noise).toString('hex', 3);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${variant}${rest.slice(0, 2)}-${rest.slice(2, 14)}`;
}

/** True for the text of a UUIDv7 in lower case. */
export function isId(text: string): boolean {
  return pattern.test(text);
}

/** The smallest id of a moment, in Unix milliseconds: every id made then or later sorts at or after it. */
export function firstIdAt(time: number): string {
  const hex = Math.min(Math.max(0, Math.floor(time)), 0xffff_ffff_ffff)
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** When an id was made, in Unix milliseconds. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** A random token of `bytes` bytes in base64url, for keys and links. */
export function newToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}
