import type { EventBody } from '../contract/event.ts';
import type { Database } from '../store/database.ts';
import type { RunRow } from './run-row.ts';

/** What of a story that is told again has been written before. */
export interface Retelling {
  /** Of a fork: how many words on its phases and states there are; null for other runs. */
  kept: number | null;
  /** What the story said behind its last recorded step, before it did anything new. */
  readonly said: string[];
}

export async function readRetelling(db: Database, { id, claim, origin_kind }: RunRow): Promise<Retelling> {
  const isFork = origin_kind === 'fork';
  if (claim === 1) return { kept: isFork ? 0 : null, said: [] };
  const said = await db.query<Pick<EventBody, 'type' | 'data'>>(saidSql, [id], 'read_said');
  return { kept: isFork ? await countKept(db, id) : null, said: said.map(textOf) };
}

/**
 * Whether what the story says is to be written. While recorded steps are left it has been said before, but for a fork: it has
 * the steps of its run, not the events, so its phases and states come from telling it. Behind the last recorded step, what
 * an earlier attempt has said in the same order is not said again.
 */
export function isNews(retelling: Retelling, event: EventBody, replays: boolean): boolean {
  if (replays) {
    if (retelling.kept === null || (event.type !== 'state' && event.type !== 'progress')) return false;
    retelling.kept -= 1;
    return retelling.kept < 0;
  }
  const { said } = retelling;
  if (said.length === 0) return true;
  if (said[0] === textOf(event)) {
    said.shift();
    return false;
  }
  said.length = 0;
  return true;
}

function textOf({ type, data }: Pick<EventBody, 'type' | 'data'>): string {
  return JSON.stringify([type, data]);
}

async function countKept(db: Database, runId: string): Promise<number> {
  const [told] = await db.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM events WHERE run_id = $1 AND type IN ('state', 'progress')`,
    [runId],
    'count_kept',
  );
  return told?.count ?? 0;
}

/* What comes behind the start of a step may be the step's own. */
const saidSql = `
  WITH ended AS (
    SELECT coalesce((SELECT seq FROM events WHERE run_id = $1 AND type IN ('step.succeeded', 'step.failed', 'child.started')
      ORDER BY seq DESC LIMIT 1), 0) AS seq
  ), begun AS (
    SELECT coalesce((SELECT min(e.seq) FROM events e, ended WHERE e.run_id = $1 AND e.seq > ended.seq AND e.type = 'step.started'),
      2147483647) AS seq
  )
  SELECT e.type, e.data FROM events e, ended, begun
  WHERE e.run_id = $1 AND e.seq > ended.seq AND e.seq < begun.seq AND e.type IN ('state', 'progress', 'log', 'plan', 'told')
  ORDER BY e.seq LIMIT 200`;
