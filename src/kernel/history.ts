import type { RunError } from '../contract/run.ts';
import type { Queryable } from '../store/database.ts';

/** A row of `steps` as PostgreSQL returns it. */
export interface StepRow {
  run_id: string;
  name: string;
  ordinal: number;
  position: number;
  kind: 'step' | 'sleep' | 'signal' | 'child' | 'compensation';
  status: 'waiting' | 'succeeded' | 'failed';
  output: unknown;
  error: RunError | null;
  attempts: number;
  compensates: boolean;
  signal_name: string | null;
  child_id: string | null;
  due_at: Date | null;
  started_at: Date;
  finished_at: Date | null;
}

/** A place in a story: a name, and how often the name came before. */
export interface StepKey {
  readonly name: string;
  readonly ordinal: number;
}

/** What an attempt knows of earlier ones. Each recorded step is handed out once. */
export interface History {
  /** The key of the next call under this name. */
  next(name: string): StepKey;
  take(key: StepKey): StepRow | undefined;
  /** Recorded steps that the story hasn't asked for yet. */
  readonly left: number;
  /** The place of the next new step among all of the run. */
  nextPosition(): number;
}

export async function readSteps(db: Queryable, runId: string): Promise<StepRow[]> {
  return db.query<StepRow>('SELECT * FROM steps WHERE run_id = $1 ORDER BY position', [runId], 'read_steps');
}

export function createHistory(recorded: readonly StepRow[]): History {
  const rows = new Map(recorded.map((row) => [`${row.name}#${row.ordinal}`, row]));
  const counts = new Map<string, number>();
  let position = recorded.reduce((highest, row) => Math.max(highest, row.position + 1), 0);
  for (const row of recorded) if (row.kind === 'compensation') rows.delete(`${row.name}#${row.ordinal}`);
  return {
    next: (name) => {
      const ordinal = counts.get(name) ?? 0;
      counts.set(name, ordinal + 1);
      return { name, ordinal };
    },
    take: (key) => {
      const place = `${key.name}#${key.ordinal}`;
      const row = rows.get(place);
      rows.delete(place);
      return row;
    },
    get left() {
      return rows.size;
    },
    nextPosition: () => position++,
  };
}
