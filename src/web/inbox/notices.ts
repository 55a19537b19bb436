import type { InboxItem, InboxKind } from '../../contract/inbox.ts';
import type { NotificationKind, QuietHours, UserSettings } from '../../contract/settings.ts';

const kinds: Readonly<Record<InboxKind, NotificationKind>> = {
  question: 'waiting',
  failed: 'failed',
  dead: 'dead',
  succeeded: 'succeeded',
};

/** Items that weren't there when it was looked last, of kinds that the browser is to tell. The first look tells nothing. */
export function freshItems(
  items: readonly InboxItem[],
  seen: ReadonlyMap<string, string> | null,
  wanted: UserSettings['notifications'],
): { fresh: InboxItem[]; known: ReadonlyMap<string, string> } {
  const known = new Map(items.map(({ id, createdAt }) => [id, createdAt]));
  if (seen === null) return { fresh: [], known };
  const latest = [...seen.values()].reduce((a, b) => (a > b ? a : b), '');
  const fresh = items.filter(
    ({ id, kind, createdAt }) =>
      !seen.has(id) && createdAt >= latest && (wanted[kinds[kind]] ?? []).includes('browser'),
  );
  return { fresh, known: new Map([...seen, ...known]) };
}

/** Whether quiet hours hold, by the wall clock of their time zone. */
export function isQuiet(quiet: QuietHours | null, now: Date): boolean {
  if (quiet === null || quiet.from === quiet.to) return false;
  const at = new Intl.DateTimeFormat('en-GB', {
    timeZone: quiet.timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(now);
  return quiet.from < quiet.to ? at >= quiet.from && at < quiet.to : at >= quiet.from || at < quiet.to;
}
