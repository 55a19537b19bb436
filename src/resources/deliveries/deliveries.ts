import { createHash } from 'node:crypto';
import { GantryError, toGantryError } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import type { Logger } from '../../base/logger.ts';
import { repeat } from '../../kernel/repeat.ts';
import type { Database } from '../../store/database.ts';
import {
  forgeDeliverySchema,
  type ForgeDelivery,
  type WebhookReader,
  type WebhookRequest,
} from '../ports/forge-delivery.ts';

export type DeliveringForge = ForgeDelivery['forge'];

/** Webhooks of forges: what is signed is kept, and handed on to who hears it, once. */
export interface Deliveries {
  /**
   * Takes a delivery in, before anything is done about it. `known` was delivered before, `ignored` needs nobody.
   * UNAUTHENTICATED when no secret of this forge signed it.
   */
  receive(forge: DeliveringForge, request: WebhookRequest): Promise<'taken' | 'known' | 'ignored'>;
  /** Hands on what waits, also what another process took in and left; resolves when nothing is left to do now. */
  handOn(): Promise<void>;
  close(): Promise<void>;
}

export interface DeliveriesOptions {
  readonly db: Database;
  readonly readers: Readonly<Record<DeliveringForge, WebhookReader>>;
  /** Asked at the time of use; none when webhooks of the forge aren't set up. */
  readonly secrets: (forge: DeliveringForge) => Promise<readonly string[]>;
  /** Tells capabilities. May happen again for a delivery whose worker was lost; throwing has it tried again. */
  readonly tell: (id: string, delivery: ForgeDelivery) => Promise<void>;
  readonly logger: Logger;
}

const lookEveryMs = 15_000;
const mostTries = 6;
const keepDays = 7;

export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { db, logger } = options;
  let working: Promise<void> | undefined;
  let again = false;
  async function work(): Promise<void> {
    do {
      again = false;
      while (await handleNext(options));
    } while (again);
  }
  const handOn = (): Promise<void> => {
    again = true;
    working ??= work().finally(() => (working = undefined));
    return working;
  };
  let cleanAt = 0;
  const stop = repeat(lookEveryMs, logger, async () => {
    if (Date.now() >= cleanAt) {
      cleanAt = Date.now() + 3_600_000;
      await db.query(`DELETE FROM deliveries WHERE received_at < now() - $1 * interval '1 day'`, [keepDays]);
    }
    await handOn();
  });
  return {
    receive: async (forge, request) => {
      const taken = await receive(options, forge, request);
      // Not waited for: the forge gets its answer at once.
      if (taken === 'taken') handOn().catch((error: unknown) => logger.warn({ err: error }, unhandled));
      return taken;
    },
    handOn,
    close: async () => {
      await stop();
      await working?.catch(() => undefined);
    },
  };
}

const unhandled = 'deliveries of a forge could not be handled; they are tried again';

async function receive(
  { db, readers, secrets }: DeliveriesOptions,
  forge: DeliveringForge,
  request: WebhookRequest,
): Promise<'taken' | 'known' | 'ignored'> {
  const read = readers[forge](
    request,
    (await secrets(forge)).filter((secret) => secret !== ''),
  );
  if (read.kind === 'unsigned') {
    const message =
      'The delivery is not signed with the secret of this webhook. Set the same secret at the forge and here.';
    throw new GantryError('UNAUTHENTICATED', message);
  }
  if (!read.delivery) return 'ignored';
  const digest = createHash('sha256').update(request.body).digest('hex');
  const [row] = await db.query(
    receiveSql,
    [newId(), forge, read.id, digest, JSON.stringify(read.delivery)],
    'receive_delivery',
  );
  return row ? 'taken' : 'known';
}

/* What could not be handled may be delivered again. */
const receiveSql = `
  INSERT INTO deliveries (id, forge, forge_id, digest, delivery)
  SELECT $1::uuid, $2, $3, $4, $5::jsonb
   WHERE NOT EXISTS (SELECT FROM deliveries WHERE forge = $2 AND forge_id = $3 AND problem IS NULL)
  ON CONFLICT (forge, digest) DO UPDATE
    SET delivery = excluded.delivery, tries = 0, taken_until = NULL, handled_at = NULL, problem = NULL
    WHERE deliveries.problem IS NOT NULL
  RETURNING id`;

/** Handles the oldest that nobody has in hand; false when there is none. */
async function handleNext({ db, tell, logger }: DeliveriesOptions): Promise<boolean> {
  const [row] = await db.query<{ id: string; delivery: unknown; tries: number }>(
    takeSql,
    [],
    'take_delivery',
  );
  if (!row) return false;
  try {
    await tell(row.id, forgeDeliverySchema.parse(row.delivery));
    await db.query('UPDATE deliveries SET handled_at = now(), delivery = NULL WHERE id = $1', [row.id]);
  } catch (thrown) {
    const { code, message } = toGantryError(thrown);
    logger.warn({ delivery: row.id, code, tries: row.tries }, `a delivery could not be handled: ${message}`);
    if (row.tries >= mostTries) await db.query(giveUpSql, [row.id, message.slice(0, 2000)]);
  }
  return true;
}

const giveUpSql = 'UPDATE deliveries SET handled_at = now(), delivery = NULL, problem = $2 WHERE id = $1';

/* Each try waits longer for the next; a process that is lost while it handles one leaves it until then. */
const takeSql = `
  UPDATE deliveries SET tries = tries + 1, taken_until = now() + (tries + 1) * interval '1 minute'
   WHERE id = (SELECT id FROM deliveries
                WHERE handled_at IS NULL AND (taken_until IS NULL OR taken_until < now())
                ORDER BY received_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING id, delivery, tries`;
