import type { Database } from '../store/database.ts';

/** Where one run stands, for a list of many: its latest phase, and the latest values of the states that were asked for. */
export interface RunStanding {
  readonly runId: string;
  readonly phase: string | null;
  readonly message: string | null;
  /** By key; without those that the story has not said yet. */
  readonly states: Readonly<Record<string, unknown>>;
}

interface Row {
  readonly id: string;
  readonly phase: string | null;
  readonly message: string | null;
  readonly states: Readonly<Record<string, unknown>>;
}

/** Where these runs of a capability stand; only this user's, if one is given. Runs that there are not are left out. */
export async function readStandings(
  db: Database,
  { ids, capability, keys, userId }: StandingsAsked,
): Promise<RunStanding[]> {
  const rows = await db.query<Row>(standingsSql, [ids, capability, keys, userId ?? null], 'read_standings');
  return rows.map(({ id, ...standing }) => ({ runId: id, ...standing }));
}

export interface StandingsAsked {
  readonly ids: readonly string[];
  readonly capability: string;
  readonly keys: readonly string[];
  readonly userId?: string | undefined;
}

/* Each look ends at the first event that fits, from the run's end; of types it has none of, it reads the run's events once. */
const standingsSql = `
  SELECT r.id, p.data ->> 'phase' AS phase, p.data ->> 'message' AS message, coalesce(s.states, '{}') AS states
  FROM runs r
  LEFT JOIN LATERAL (
    SELECT data FROM events WHERE run_id = r.id AND type = 'progress' ORDER BY seq DESC LIMIT 1
  ) p ON true
  LEFT JOIN LATERAL (
    SELECT json_object_agg(k.key, l.value) AS states
    FROM unnest($3::text[]) AS k (key)
    JOIN LATERAL (
      SELECT data -> 'value' AS value FROM events
      WHERE run_id = r.id AND type = 'state' AND data ->> 'key' = k.key ORDER BY seq DESC LIMIT 1
    ) l ON true
  ) s ON true
  WHERE r.id = ANY ($1::uuid[]) AND r.capability = $2 AND ($4::text IS NULL OR r.user_id = $4)`;
