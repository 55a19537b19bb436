import { newId } from '../base/ids.ts';
import type { Queryable } from '../store/database.ts';
import type { RunError } from '../contract/run.ts';
import type { Asks } from '../contract/question.ts';
import type { Role } from '../contract/role.ts';
import type { RunRow } from './run-row.ts';
import type { Wait } from './wait.ts';

/** What a run that ended is worth saying to its owner. */
export type Note = 'failed' | 'dead' | 'succeeded';

/** How a question stopped waiting. */
export type Resolution = 'answered' | 'expired' | 'over';

const longRunMs = 60_000;

/** Puts a question into the inbox of whom it asks; once, however often the run goes to sleep over it. */
export async function noteQuestion(tx: Queryable, row: RunRow, wait: Wait): Promise<void> {
  const { question } = wait;
  if (!question) return;
  const { who } = question;
  await tx.query(
    `WITH noted AS (
       INSERT INTO inbox (id, kind, user_id, role, run_id, step, ordinal, capability, title, headline, due_at)
       VALUES ($1, 'question', $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (run_id, step, ordinal) WHERE kind = 'question' DO NOTHING
       RETURNING user_id, role
     ) SELECT ${told} FROM noted`,
    [
      newId(),
      who.kind === 'user' ? who.userId : null,
      who.kind === 'role' ? who.role : null,
      row.id,
      wait.name,
      wait.ordinal,
      row.capability,
      row.title,
      question.title,
      wait.dueAt,
    ],
    'note_question',
  );
}

/** Takes one question of a run, or all that are open, out of what waits. */
export async function closeQuestions(
  tx: Queryable,
  runId: string,
  how: Resolution,
  step?: { readonly name: string; readonly ordinal: number },
): Promise<void> {
  await tx.query(
    `WITH closed AS (
       UPDATE inbox SET resolved_at = now(), resolution = $2
       WHERE run_id = $1 AND kind = 'question' AND resolved_at IS NULL
         AND ($3::text IS NULL OR (step = $3 AND ordinal = $4))
       RETURNING user_id, role
     ) SELECT ${told} FROM closed`,
    [runId, how, step?.name ?? null, step?.ordinal ?? null],
    'close_questions',
  );
}

/** Whether the run asks, or has asked, this person or anyone of the role. */
export async function isAsked(db: Queryable, runId: string, userId: string, role: Role): Promise<boolean> {
  const rows = await db.query(
    `SELECT FROM inbox WHERE run_id = $1 AND kind = 'question' AND (user_id = $2 OR role = ANY($3)) LIMIT 1`,
    [runId, userId, rolesMeantWith(role)],
  );
  return rows.length > 0;
}

/** The roles whose questions are for one of this role, too. */
export function rolesMeantWith(role: Role): Role[] {
  return role === 'admin' ? ['admin', 'member'] : role === 'member' ? ['member'] : [];
}

/** Says that a run is dead. What finishes under its worker is noted by the statement that finishes it. */
export async function noteDead(tx: Queryable, runId: string, error: RunError): Promise<void> {
  await tx.query(
    `WITH owner AS (SELECT * FROM runs WHERE id = $1), noted AS (${noteSql(2)}) SELECT ${told} FROM noted`,
    [runId, ...noteValues('dead', error)],
  );
}

/** What an end is worth: a failure always, a success when somebody may have gone away meanwhile. Children are their parent's. */
export function noteOf(
  row: Pick<RunRow, 'parent_id' | 'started_at'>,
  status: RunRow['status'],
  now: number,
): Note | null {
  if (row.parent_id !== null) return null;
  if (status === 'failed') return 'failed';
  const tookMs = now - (row.started_at?.getTime() ?? now);
  return status === 'succeeded' && tookMs > longRunMs ? 'succeeded' : null;
}

/** The oldest question that the run waits with, for lists. */
export function asksOf(waits: readonly Wait[]): Asks | null {
  const asking = waits.flatMap((wait) => (wait.question ? [{ wait, question: wait.question }] : []));
  const first = asking.toSorted((a, b) => a.wait.position - b.wait.position)[0];
  if (!first) return null;
  const { wait, question } = first;
  return {
    title: question.title,
    signal: wait.name,
    since: wait.startedAt.toISOString(),
    until: wait.dueAt?.toISOString() ?? null,
    who: question.who,
  };
}

const told = `pg_notify('gantry_inbox', coalesce(user_id, 'role:' || role))`;

/*
 * One row for all runs of the same capability, title, kind and error of a day: what fails a thousand times is said once.
 * `owner` is the run as it ends now. The owner of the run is told, or the admins when it has none.
 */
function noteSql(first: number): string {
  const [id, kind, headline, code] = [
    `$${first}::uuid`,
    `$${first + 1}::text`,
    `$${first + 2}::text`,
    `$${first + 3}::text`,
  ];
  return `INSERT INTO inbox (id, kind, user_id, role, run_id, capability, title, headline, code, group_key)
    SELECT ${id}, ${kind}, owner.user_id, CASE WHEN owner.user_id IS NULL THEN 'admin' END, owner.id, owner.capability,
      owner.title, ${headline}, ${code},
      concat_ws(' ', ${kind}, coalesce(owner.user_id, 'role:admin'), owner.capability, ${code},
        md5(owner.title), to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD'))
    FROM owner WHERE owner.parent_id IS NULL AND ${kind} IS NOT NULL
    ON CONFLICT (group_key) WHERE group_key IS NOT NULL DO UPDATE
    SET count = inbox.count + 1, run_id = excluded.run_id, headline = excluded.headline, last_at = now()
    RETURNING user_id, role`;
}

/** What `noteSql` takes. Not out of the row's JSON, because PostgreSQL refuses to make text of an escaped NUL. */
export function noteValues(note: Note | null, error: RunError | null): (string | null)[] {
  const headline = (error?.message ?? '').slice(0, 500).replaceAll('\0', '\u{fffd}').toWellFormed();
  return [newId(), note, headline, error?.code ?? null];
}

/** Parts of the statement that finishes a run which is worth a note or has asked something; `owner` is the run. */
export const finishParts = {
  ctes: (first: number) => `
  closed AS (
    UPDATE inbox SET resolved_at = now(), resolution = 'over' FROM owner
    WHERE inbox.run_id = owner.id AND inbox.kind = 'question' AND inbox.resolved_at IS NULL
    RETURNING inbox.user_id, inbox.role
  ),
  noted AS (${noteSql(first)}),
  told AS (SELECT ${told} FROM (SELECT user_id, role FROM closed UNION SELECT user_id, role FROM noted) AS each)`,
  used: '(SELECT count(*) FROM told) AS told',
} as const;
