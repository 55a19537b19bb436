import { newId } from '../../base/ids.ts';
import type { Logger } from '../../base/logger.ts';
import type { KeyRotation } from '../../contract/secret.ts';
import type { Database } from '../../store/database.ts';
import { seal, unseal } from './envelope.ts';
import type { KeyRing } from './key-ring.ts';
import type { MasterKey } from './master-key.ts';
import { changeSealingKey, sealingKey } from './sealing-key.ts';

/**
 * Changing the master key while everything works: from its begin new values are sealed under the new key, the others are
 * sealed anew in batches, and every process opens both. A batch is one transaction, so a crash loses nothing.
 */
export interface Rotation {
  state(): Promise<KeyRotation>;
  /** Begins a change of the key, or goes on with the one that was begun; answers once it is begun. CONFLICT says what lacks. */
  start(by: string | null): Promise<KeyRotation>;
  /** Goes on with what a crash or another process left unfinished. */
  resume(): Promise<void>;
  /** Waits for what is under way. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface RotationRow {
  readonly id: string;
  readonly fromKey: string;
  readonly toKey: string;
  readonly startedAt: Date;
  readonly startedBy: string | null;
  readonly finishedAt: Date | null;
  readonly resealed: number;
}

interface SealedRow {
  readonly id: string;
  readonly scope: string;
  readonly owner: string;
  readonly name: string;
  readonly sealed: Buffer;
  readonly keyId: string;
}

interface Parts {
  readonly db: Database;
  readonly keys: KeyRing;
  readonly logger: Logger;
  /** Secrets sealed anew in one transaction. */
  readonly batchSize?: number;
}

const latestSql = `SELECT id, from_key AS "fromKey", to_key AS "toKey", started_at AS "startedAt",
  started_by AS "startedBy", finished_at AS "finishedAt", resealed
  FROM key_rotations ORDER BY started_at DESC, id DESC LIMIT 1`;

export function createRotation(parts: Parts): Rotation {
  const { logger } = parts;
  let working: Promise<void> | undefined;
  let closed = false;
  const work = () => {
    working ??= resealAll(parts, () => closed)
      .catch((error: unknown) =>
        logger.error(
          { err: error },
          'the change of the master key stopped; it goes on at the next start, or with `gantry secrets rotate-key`',
        ),
      )
      .finally(() => {
        working = undefined;
      });
  };
  return {
    state: () => readState(parts),
    start: async (by) => {
      await begin(parts, by);
      work();
      return readState(parts);
    },
    resume: async () => {
      const [latest] = await parts.db.query<RotationRow>(latestSql);
      if (latest && !latest.finishedAt) work();
    },
    settled: async () => working,
    close: async () => {
      closed = true;
      await working;
    },
  };
}

async function begin({ db, keys }: Parts, by: string | null): Promise<void> {
  await db.transaction(async (tx) => {
    await changeSealingKey(tx);
    const [latest] = await tx.query<RotationRow>(latestSql);
    if (latest && !latest.finishedAt) return;
    const present = await sealingKey(tx, keys);
    if (latest) await keys.settle(latest.toKey);
    const next = await keys.next(present.id);
    await tx.query(
      'INSERT INTO key_rotations (id, from_key, to_key, started_by, started_at) VALUES ($1, $2, $3, $4, clock_timestamp())',
      [newId(), present.id, next.id, by],
    );
  });
}

async function resealAll(parts: Parts, stopped: () => boolean): Promise<void> {
  const { db, keys, logger } = parts;
  const [rotation] = await db.query<RotationRow>(latestSql);
  const key = rotation && (await keys.find(rotation.toKey));
  if (!rotation || !key) return;
  const unreadable: string[] = [];
  while (!stopped()) {
    const batch = await resealBatch(parts, rotation.id, key, unreadable);
    unreadable.push(...batch.unreadable);
    if (batch.seen > 0) continue;
    await keys.settle(key.id);
    await db.query('UPDATE key_rotations SET finished_at = now() WHERE id = $1 AND finished_at IS NULL', [
      rotation.id,
    ]);
    logger.info(
      { key: key.id, unreadable: unreadable.length },
      'all secrets are sealed under the new master key',
    );
    return;
  }
}

/** One transaction; the rows are locked, so that a value that is set meanwhile stays the newer one. */
async function resealBatch(
  { db, keys, batchSize = 100 }: Parts,
  rotationId: string,
  key: MasterKey,
  skip: readonly string[],
): Promise<{ seen: number; unreadable: string[] }> {
  return db.transaction(async (tx) => {
    const rows = await tx.query<SealedRow>(
      `SELECT id, scope, owner, name, sealed, key_id AS "keyId" FROM secrets
        WHERE key_id <> $1 AND id <> ALL($2::uuid[]) ORDER BY id LIMIT $3 FOR UPDATE`,
      [key.id, skip, batchSize],
    );
    const unreadable: string[] = [];
    for (const row of rows) {
      const sealed = await reseal(row, keys, key);
      if (sealed)
        await tx.query('UPDATE secrets SET sealed = $2, key_id = $3 WHERE id = $1', [row.id, sealed, key.id]);
      else unreadable.push(row.id);
    }
    await tx.query('UPDATE key_rotations SET resealed = resealed + $2 WHERE id = $1', [
      rotationId,
      rows.length - unreadable.length,
    ]);
    return { seen: rows.length, unreadable };
  });
}

/** Undefined when no key at hand opens it: it stays as it is, for the day that its key is brought back. */
async function reseal(row: SealedRow, keys: KeyRing, key: MasterKey): Promise<Buffer | undefined> {
  const context = [row.scope, row.owner, row.name, row.id];
  const old = await keys.find(row.keyId);
  if (!old) return undefined;
  try {
    return seal(key.bytes, unseal(old.bytes, row.sealed, context), context);
  } catch {
    return undefined;
  }
}

async function readState({ db, keys }: Parts): Promise<KeyRotation> {
  const [latest] = await db.query<RotationRow>(latestSql);
  const key = await sealingKey(db, keys);
  const counts = await db.query<{ keyId: string; count: number }>(
    'SELECT key_id AS "keyId", count(*)::int AS count FROM secrets GROUP BY key_id',
  );
  const sum = (rows: typeof counts) => rows.reduce((total, { count }) => total + count, 0);
  const others = counts.filter(({ keyId }) => keyId !== key.id);
  const known = await Promise.all(others.map(({ keyId }) => keys.find(keyId)));
  const lost = others.filter((_row, index) => known[index] === undefined);
  return {
    keyId: key.id,
    total: sum(counts),
    remaining: sum(others),
    unreadable: sum(lost),
    rotation: latest
      ? {
          startedAt: latest.startedAt.toISOString(),
          startedBy: latest.startedBy,
          finishedAt: latest.finishedAt?.toISOString() ?? null,
          fromKey: latest.fromKey,
          toKey: latest.toKey,
          resealed: latest.resealed,
        }
      : null,
  };
}
