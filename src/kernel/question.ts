import { cutEnd } from '../base/cut.ts';
import { GantryError } from '../base/errors.ts';
import { askSchema, type Ask, type Asked, type Question } from '../contract/question.ts';
import type { Queryable } from '../store/database.ts';
import type { RunRow } from './run-row.ts';

/**
 * The question as it is stored. Texts that a story made from what others wrote are cut to what the schema allows, because
 * a long title must not fail a run. OUTPUT_INVALID when it is no question even so.
 */
export async function questionOf(tx: Queryable, row: RunRow, ask: Ask): Promise<Question> {
  const parsed = askSchema.safeParse(cut(ask));
  if (!parsed.success) {
    throw new GantryError('OUTPUT_INVALID', `The story of ${row.capability} asks what is no question.`, {
      cause: parsed.error,
    });
  }
  const { who, ...question } = parsed.data;
  return { ...question, who: await askedOf(tx, row, who) };
}

async function askedOf(tx: Queryable, row: RunRow, who: Ask['who']): Promise<Asked> {
  if (who?.kind === 'role') return who;
  const userId = who?.userId ?? row.user_id;
  const [user] = await tx.query<{ name: string }>(
    `SELECT name FROM users WHERE id = $1 AND NOT disabled AND role <> 'viewer'`,
    [userId],
  );
  // Nobody would ever answer otherwise.
  return user && userId !== null
    ? { kind: 'user', userId, name: user.name }
    : { kind: 'role', role: 'admin' };
}

function cut(ask: Ask): Ask {
  return {
    ...ask,
    title: shorten(ask.title, 200),
    ...(ask.text !== undefined && { text: shorten(ask.text, 10_000) }),
    ...(ask.facts && {
      facts: ask.facts
        .slice(0, 30)
        .map(({ label, value }) => ({ label: shorten(label, 200), value: shorten(value, 2000) })),
    }),
    ...(ask.items && {
      items: ask.items.slice(0, 200).map((item) => ({
        ...item,
        title: shorten(item.title, 500),
        ...(item.detail !== undefined && { detail: shorten(item.detail, 2000) }),
      })),
    }),
  };
}

/* PostgreSQL takes no NUL in text, and the inbox keeps the title as text. */
function shorten(text: string, most: number): string {
  return cutEnd(text.replaceAll('\0', '\u{fffd}').toWellFormed(), most);
}
