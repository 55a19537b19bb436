import type { Queryable } from '../../store/database.ts';
import type { KeyRing } from './key-ring.ts';
import type { MasterKey } from './master-key.ts';

const lock = `hashtext('gantry master key')`;

/**
 * The key that seals now, kept from changing until the transaction ends. A process that lacks it seals under its own,
 * which the others still open.
 */
export async function keepSealingKey(tx: Queryable, keys: KeyRing): Promise<MasterKey> {
  await tx.query(`SELECT pg_advisory_xact_lock_shared(${lock})`);
  return sealingKey(tx, keys);
}

/** Waits for those who are sealing, and lets nobody seal until the transaction ends. */
export async function changeSealingKey(tx: Queryable): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(${lock})`);
}

/** The same as `keepSealingKey` for a look. */
export async function sealingKey(db: Queryable, keys: KeyRing): Promise<MasterKey> {
  const [latest] = await db.query<{ to: string }>(
    'SELECT to_key AS to FROM key_rotations ORDER BY started_at DESC, id DESC LIMIT 1',
  );
  return (latest && (await keys.find(latest.to))) ?? keys.first;
}
