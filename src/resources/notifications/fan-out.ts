import { newId } from '../../base/ids.ts';
import type { InboxKind } from '../../contract/inbox.ts';
import type { SentChannel } from '../../contract/notification.ts';
import type { NotificationKind, UserSettings } from '../../contract/settings.ts';
import type { Database, Queryable } from '../../store/database.ts';

/**
 * What a person wants to be told of. Read by the transaction that asks: waiting for a second connection, a few of them
 * could hold all that there are.
 */
export type PreferencesOf = (
  userId: string,
  tx: Queryable,
) => Promise<Pick<UserSettings, 'notifications' | 'quietHours'>>;

interface NewItem {
  id: string;
  kind: InboxKind;
  user_id: string | null;
  role: string | null;
}

const batch = 50;
/** What nobody was told of for so long, because no server ran, is in the inbox and no news any more. */
const newsSeconds = 86_400;
const kinds: Readonly<Record<InboxKind, NotificationKind>> = {
  question: 'waiting',
  failed: 'failed',
  dead: 'dead',
  succeeded: 'succeeded',
};

/**
 * Writes the messages that new items of inboxes call for into the outbox, by what each person has set. Any number of
 * servers may do this at once. Answers how many items it took.
 */
export async function fanOut(db: Database, preferencesOf: PreferencesOf): Promise<number> {
  return db.transaction(async (tx) => {
    const items = await tx.query<NewItem & { news: boolean }>(
      `SELECT id, kind, user_id, role, created_at > now() - $2 * interval '1 second' AND resolved_at IS NULL AS news
       FROM inbox WHERE notified_at IS NULL ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [batch, newsSeconds],
      'fan_out',
    );
    if (items.length === 0) return 0;
    const known = new Map<string, ReturnType<PreferencesOf>>();
    const wanted = (userId: string) => {
      const preferences = known.get(userId) ?? preferencesOf(userId, tx);
      known.set(userId, preferences);
      return preferences;
    };
    for (const item of items) if (item.news) await write(tx, item, wanted);
    await tx.query('UPDATE inbox SET notified_at = now() WHERE id = ANY($1::uuid[])', [
      items.map((item) => item.id),
    ]);
    return items.length;
  });
}

async function write(
  tx: Queryable,
  item: NewItem,
  wanted: (userId: string) => ReturnType<PreferencesOf>,
): Promise<void> {
  for (const userId of await recipients(tx, item)) {
    const { notifications } = await wanted(userId);
    for (const channel of notifications[kinds[item.kind]] ?? []) {
      if (channel === 'browser') continue;
      await tx.query(
        `INSERT INTO notifications (id, item_id, user_id, channel) VALUES ($1, $2, $3, $4)
         ON CONFLICT (item_id, user_id, channel) DO NOTHING`,
        [newId(), item.id, userId, channel satisfies SentChannel],
      );
    }
  }
}

async function recipients(tx: Queryable, { user_id, role }: NewItem): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM users WHERE NOT disabled AND (id = $1 OR ($1 IS NULL AND role = ANY($2)))`,
    [user_id, role === 'member' ? ['admin', 'member'] : [role]],
  );
  return rows.map((row) => row.id);
}
