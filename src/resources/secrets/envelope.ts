import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

// Envelope encryption: the master key seals a data key of this secret alone, which seals the value. AES-256-GCM
// (NIST SP 800-38D) both times, with 96-bit random nonces; a nonce is used once per data key, and the master key
// seals only data keys. Layout: version, then [nonce 12 | tag 16 | data key 32], then [nonce 12 | tag 16 | value].
const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;
const headBytes = nonceBytes + tagBytes;

/** Seals `value`; `context` says whose value it is, and opens nothing else's. */
export function seal(masterKey: Buffer, value: string, context: readonly string[]): Buffer {
  const dataKey = randomBytes(keyBytes);
  const aad = authenticated(context);
  const parts = [
    Buffer.from([version]),
    encrypt(masterKey, dataKey, aad),
    encrypt(dataKey, Buffer.from(value, 'utf8'), aad),
  ];
  dataKey.fill(0);
  return Buffer.concat(parts);
}

/** The value that was sealed with this key and context. Throws when either differs or a bit was changed. */
export function unseal(masterKey: Buffer, sealed: Buffer, context: readonly string[]): string {
  if (sealed[0] !== version) throw new Error(`the sealed form ${sealed[0]} is unknown`);
  const aad = authenticated(context);
  const border = 1 + headBytes + keyBytes;
  const dataKey = decrypt(masterKey, sealed.subarray(1, border), aad);
  return decrypt(dataKey, sealed.subarray(border), aad).toString('utf8');
}

function authenticated(context: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(['gantry secret', version, ...context]));
}

function encrypt(key: Buffer, value: Buffer, aad: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad);
  const body = Buffer.concat([cipher.update(value), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function decrypt(key: Buffer, box: Buffer, aad: Buffer): Buffer {
  const nonce = box.subarray(0, nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(aad).setAuthTag(box.subarray(nonceBytes, headBytes));
  return Buffer.concat([decipher.update(box.subarray(headBytes)), decipher.final()]);
}
