import { GantryError } from '../base/errors.ts';
import type { Question } from '../contract/question.ts';
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
  /** True when the step returned undefined, which differs from a null. */
  void: boolean;
  error: RunError | null;
  attempts: number;
  compensates: boolean;
  signal_name: string | null;
  child_id: string | null;
  question: Question | null;
  due_at: Date | null;
  started_at: Date;
  finished_at: Date | null;
}

/** A place in a story: a name, and how often the name came before. */
export interface StepKey {
  readonly name: string;
  readonly ordinal: number;
}

/** The name under which the undoing of a step is recorded; no step of a story begins like it. */
export function undoName(name: string): string {
  return `${undoPrefix}${name}`;
}

const undoPrefix = 'undo ';

/** What an attempt knows of earlier ones. Each recorded step is handed out once. */
export interface History {
  /** The key of the next call under this name. */
  next(name: string): StepKey;
  take(key: StepKey, kind: StepRow['kind']): StepRow | undefined;
  /** Whether the step was undone by an earlier attempt, with success or without. */
  undone(key: StepKey): boolean;
  /** Recorded steps that the story hasn't asked for yet. */
  readonly left: number;
  /** The place of the next new step among all of the run. */
  nextPosition(): number;
}

export async function readSteps(db: Queryable, runId: string): Promise<StepRow[]> {
  return db.query<StepRow>(
    'SELECT *, output IS NULL AS void FROM steps WHERE run_id = $1 ORDER BY position',
    [runId],
    'read_steps',
  );
}

export function createHistory(recorded: readonly StepRow[]): History {
  const rows = new Map<string, StepRow>();
  const undone = new Set<string>();
  for (const row of recorded) {
    const place = `${row.name}#${row.ordinal}`;
    if (row.kind === 'compensation') undone.add(place);
    else rows.set(place, row);
  }
  const counts = new Map<string, number>();
  let position = recorded.reduce((highest, row) => Math.max(highest, row.position + 1), 0);
  return {
    next: (name) => {
      if (name.startsWith(undoPrefix)) {
        throw new GantryError(
          'HISTORY_MISMATCH',
          `A step can't be named "${name}": "undo" is kept for compensations.`,
        );
      }
      const ordinal = counts.get(name) ?? 0;
      counts.set(name, ordinal + 1);
      return { name, ordinal };
    },
    take: (key, kind) => {
      const place = `${key.name}#${key.ordinal}`;
      const row = rows.get(place);
      if (row && row.kind !== kind) {
        throw new GantryError(
          'HISTORY_MISMATCH',
          `The story asks for the ${kind} "${key.name}" (${key.ordinal}), which is recorded as a ${row.kind}.`,
        );
      }
      rows.delete(place);
      return row;
    },
    undone: ({ name, ordinal }) => undone.has(`${undoName(name)}#${ordinal}`),
    get left() {
      return rows.size;
    },
    nextPosition: () => position++,
  };
}
