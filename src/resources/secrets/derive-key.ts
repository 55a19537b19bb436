import { hkdfSync } from 'node:crypto';
import type { MasterKey } from './master-key.ts';

/** 32 bytes for one purpose, from which the master key can't be found again (HKDF-SHA256, RFC 5869). */
export function deriveKey(masterKey: MasterKey, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey.bytes, '', `gantry ${purpose}`, 32));
}
