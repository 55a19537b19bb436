import { createHash } from 'node:crypto';
import { mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { GantryError } from '../../../base/errors.ts';
import type { UidRange } from './identity.ts';

/**
 * The uid under which a tenant's trees lie and its tree sandboxes run, the same from start to start: who owns a saved
 * layer can delete and replace its files above it. A link per uid, made in one act, keeps two processes from giving one
 * uid to two tenants.
 */
export function uidOfTenant(directory: string, tenant: string, range: UidRange): number {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const name = createHash('sha256').update(tenant).digest();
  const wanted = name.toString('hex');
  for (let round = 0; round < range.count; round += 1) {
    const uid = range.first + ((name.readUInt32BE(0) + round) % range.count);
    if (claim(join(directory, String(uid)), wanted)) return uid;
  }
  throw new GantryError(
    'SANDBOX_FAILED',
    `All ${range.count} user ids for tenants are given away. Remove ${directory} and the saved layers beside it while Gantry is stopped.`,
  );
}

function claim(path: string, wanted: string): boolean {
  try {
    symlinkSync(wanted, path);
    return true;
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    return readlinkSync(path) === wanted;
  }
}
