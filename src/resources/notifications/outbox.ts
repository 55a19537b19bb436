import type { InboxKind } from '../../contract/inbox.ts';
import type { SentChannel } from '../../contract/notification.ts';
import type { Database, Queryable } from '../../store/database.ts';
import type { Recipient } from './channel.ts';
import type { PreferencesOf } from './fan-out.ts';
import type { Topic } from './message.ts';
import { quietUntil } from './quiet-hours.ts';

/** A message to send; `ids` are its rows in the outbox, more than one for a summary. */
export interface Parcel {
  readonly ids: readonly string[];
  readonly to: Recipient;
  readonly channel: SentChannel;
  readonly topics: readonly Topic[];
  /** 1 at the first try. */
  readonly attempt: number;
}

export interface ClaimOptions {
  readonly perHour: number;
  readonly preferencesOf: PreferencesOf;
}

interface Pair {
  user_id: string;
  channel: SentChannel;
}

interface DueRow {
  id: string;
  held: boolean;
  attempts: number;
  kind: InboxKind | null;
  run_id: string;
  capability: string;
  title: string;
  headline: string;
  count: number;
  over: boolean;
  email: string | null;
}

/** Longer than one message may take. */
const claimSeconds = 120;

/**
 * Takes what is due for one person by one channel, if anything is. What the throttle or quiet hours forbid is held, and
 * goes out as one summary once they allow. Undefined when nothing is due; an empty list when all of it was held.
 */
export async function claim(db: Database, options: ClaimOptions): Promise<Parcel[] | undefined> {
  return db.transaction(async (tx) => {
    const [pair] = await tx.query<Pair>(pairSql, [], 'notification_pair');
    if (!pair) return undefined;
    const rows = await tx.query<DueRow>(dueSql, [pair.user_id, pair.channel], 'notification_due');
    const over = rows.filter((row) => row.over || row.email === null);
    await end(tx, idsOf(over), 'skipped', null);
    const due = rows.filter((row) => !over.includes(row));
    const { quietHours } = await options.preferencesOf(pair.user_id, tx);
    const quiet = quietUntil(quietHours, new Date());
    if (quiet) {
      await hold(tx, idsOf(due), quiet);
      return [];
    }
    const window = await windowOf(tx, pair);
    const { parcels, held } = pack(due, options.perHour - window.sent);
    await hold(tx, idsOf(held), window.opensAt);
    for (const parcel of parcels) {
      await tx.query(
        `UPDATE notifications SET claimed_until = now() + $2 * interval '1 second', attempts = attempts + 1, message_id = $3
         WHERE id = ANY($1::uuid[])`,
        [idsOf(parcel), claimSeconds, parcel[0]?.id],
      );
    }
    return parcels.map((parcel) => toParcel(pair, parcel));
  });
}

/** Keeps parcels that wait behind others from being taken by another lane or server. */
export async function keepClaimed(db: Queryable, parcels: readonly Parcel[]): Promise<void> {
  await db.query(
    `UPDATE notifications SET claimed_until = now() + $2 * interval '1 second'
     WHERE id = ANY($1::uuid[]) AND state = 'due'`,
    [parcels.flatMap(({ ids }) => ids), claimSeconds],
    'notification_keep',
  );
}

/** What was held goes with all else that is due as one message; otherwise each is one, as far as there is room. */
function pack(due: readonly DueRow[], room: number): { parcels: DueRow[][]; held: DueRow[] } {
  if (due.length === 0 || room <= 0) return { parcels: [], held: [...due] };
  if (due.some((row) => row.held)) return { parcels: [[...due]], held: [] };
  return { parcels: due.slice(0, room).map((row) => [row]), held: due.slice(room) };
}

function toParcel({ user_id, channel }: Pair, rows: readonly DueRow[]): Parcel {
  return {
    ids: idsOf(rows),
    to: { userId: user_id, email: rows[0]?.email ?? '' },
    channel,
    topics: rows.map((row) => ({
      kind: row.kind ?? 'failed',
      runId: row.run_id,
      capability: row.capability,
      title: row.title,
      headline: row.headline,
      count: row.count,
    })),
    attempt: Math.max(...rows.map((row) => row.attempts)) + 1,
  };
}

/** What went out, or is on its way, in the last hour, and when the first of it is an hour ago. */
async function windowOf(tx: Queryable, pair: Pair): Promise<{ sent: number; opensAt: Date }> {
  const [window] = await tx.query<{ sent: number; opens_at: Date }>(
    `SELECT count(DISTINCT message_id)::int AS sent,
       coalesce(min(coalesce(ended_at, now())), now()) + interval '1 hour' AS opens_at
     FROM notifications WHERE user_id = $1 AND channel = $2 AND message_id IS NOT NULL
       AND ((state = 'sent' AND ended_at > now() - interval '1 hour') OR (state = 'due' AND claimed_until > now()))`,
    [pair.user_id, pair.channel],
    'notification_window',
  );
  return { sent: window?.sent ?? 0, opensAt: window?.opens_at ?? new Date() };
}

async function hold(tx: Queryable, ids: readonly string[], until: Date): Promise<void> {
  if (ids.length === 0) return;
  await tx.query('UPDATE notifications SET held = true, due_at = $2 WHERE id = ANY($1::uuid[])', [
    ids,
    until,
  ]);
}

/** The last word on messages: sent, given up, or needless because the question is over. */
export async function end(
  db: Queryable,
  ids: readonly string[],
  state: 'sent' | 'failed' | 'skipped',
  error: string | null,
): Promise<void> {
  if (ids.length === 0) return;
  await db.query(
    `UPDATE notifications SET state = $2, error = $3, ended_at = now(), claimed_until = NULL
     WHERE id = ANY($1::uuid[]) AND state = 'due'`,
    [ids, state, error],
  );
}

/** Tries again later. */
export async function postpone(
  db: Queryable,
  ids: readonly string[],
  seconds: number,
  error: string | null,
): Promise<void> {
  await db.query(
    `UPDATE notifications SET error = $3, claimed_until = NULL, due_at = now() + $2 * interval '1 second'
     WHERE id = ANY($1::uuid[]) AND state = 'due'`,
    [ids, seconds, error],
  );
}

function idsOf(rows: readonly DueRow[]): string[] {
  return rows.map((row) => row.id);
}

const isDue = (n: string) =>
  `${n}.state = 'due' AND ${n}.due_at <= now() AND (${n}.claimed_until IS NULL OR ${n}.claimed_until < now())`;

/*
 * Of all servers one looks at a person's channel at a time, or each would think that there is room; the others pass it
 * over and take the next.
 */
const pairSql = `
  SELECT user_id, channel FROM (
    SELECT user_id, channel FROM notifications n WHERE ${isDue('n')}
    GROUP BY user_id, channel ORDER BY min(due_at) OFFSET 0
  ) AS pair
  WHERE pg_try_advisory_xact_lock(hashtextextended(user_id || ' ' || channel, 4712)) LIMIT 1`;

const dueSql = `
  SELECT n.id, n.held, n.attempts, i.kind, i.run_id, coalesce(i.capability, '') AS capability,
    coalesce(i.title, '') AS title, coalesce(i.headline, '') AS headline, coalesce(i.count, 1) AS count,
    i.id IS NULL OR i.resolved_at IS NOT NULL AS over, u.email
  FROM notifications n LEFT JOIN inbox i ON i.id = n.item_id LEFT JOIN users u ON u.id = n.user_id AND NOT u.disabled
  WHERE n.user_id = $1 AND n.channel = $2 AND ${isDue('n')}
  ORDER BY n.id FOR UPDATE OF n SKIP LOCKED`;
