import { GantryError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Event } from '../contract/event.ts';
import type { RunSummary } from '../contract/run.ts';
import type { StateChange } from '../contract/run-state.ts';
import type { Relatives } from '../contract/relatives.ts';
import type { Step } from '../contract/step.ts';
import type { Database } from '../store/database.ts';
import { readEventRange, type EventRange } from '../store/event-log.ts';
import type { StepRow } from './history.ts';
import { summaryColumns, toStep } from './list.ts';
import { toSummary, type SummaryRow } from './run-row.ts';
import { readStandings, type RunStanding, type StandingsAsked } from './run-standings.ts';

/** What one run's page asks for beyond the run itself. */
export interface RunDetails {
  /** The run without its input and output, which can be megabytes each. NOT_FOUND when there is no such run. */
  summary(runId: string): Promise<RunSummary>;
  /** A stretch of its events. */
  eventRange(runId: string, range: EventRange): Promise<{ items: Event[]; more: boolean }>;
  /** What its story stands at: the latest value of each key, in the order in which they were last said. */
  states(runId: string): Promise<StateChange[]>;
  /** Where many runs of a capability stand, at a glance. */
  standings(asked: StandingsAsked): Promise<RunStanding[]>;
  /** Its recorded steps without what they returned, which can be megabytes each. */
  outline(runId: string): Promise<Step[]>;
  /** One recorded step with what it returned. */
  stepAt(runId: string, position: number): Promise<Step>;
  /** The runs that it is tied to; only this user's, if one is given. */
  relatives(runId: string, userId?: string): Promise<Relatives>;
}

const mostAgain = 20;
const mostChildren = 50;

export function createRunDetails(db: Database): RunDetails {
  return {
    summary: async (runId) => toSummary(await readSummary(db, runId)),
    eventRange: (runId, range) => readEventRange(db, runId, range),
    states: (runId) => readStates(db, runId),
    standings: (asked) => readStandings(db, asked),
    outline: async (runId) => {
      const rows = await db.query<StepRow>(
        `SELECT ${outlineColumns}, CASE WHEN kind = 'signal' THEN output END AS output FROM steps
         WHERE run_id = $1 ORDER BY position`,
        [runId],
        'outline_steps',
      );
      return rows.map((row) => ({ ...toStep(row), output: null }));
    },
    stepAt: async (runId, position) => {
      const [row] = await db.query<StepRow>('SELECT * FROM steps WHERE run_id = $1 AND position = $2', [
        runId,
        position,
      ]);
      if (!row) throw new GantryError('NOT_FOUND', `Run ${runId} has recorded no step at ${position}.`);
      return toStep(row);
    },
    relatives: async (runId, userId) => readRelatives(db, await readSummary(db, runId), userId),
  };
}

const outlineColumns = [
  ...['run_id', 'name', 'ordinal', 'position', 'kind', 'status', 'error', 'attempts', 'child_id', 'question'],
  ...['due_at', 'started_at', 'finished_at'],
].join(', ');

async function readStates(db: Database, runId: string): Promise<StateChange[]> {
  const rows = await db.query<{ key: string; seq: number; at: Date; value: unknown }>(
    `SELECT data ->> 'key' AS key, seq, at, data -> 'value' AS value FROM (
       SELECT DISTINCT ON (data ->> 'key') seq, at, data FROM events
       WHERE run_id = $1 AND type = 'state' ORDER BY data ->> 'key', seq DESC
     ) latest ORDER BY seq`,
    [runId],
    'read_states',
  );
  return rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
}

async function readSummary(db: Database, runId: string): Promise<SummaryRow> {
  const [row] = isId(runId)
    ? await db.query<SummaryRow>(`SELECT ${summaryColumns} FROM runs WHERE id = $1`, [runId], 'run_summary')
    : [];
  if (!row) throw new GantryError('NOT_FOUND', `There is no run ${runId}.`);
  return row;
}

async function readRelatives(db: Database, run: SummaryRow, userId: string | undefined): Promise<Relatives> {
  const visible = userId === undefined ? '' : 'AND user_id = $3';
  const user = userId === undefined ? [] : [userId];
  const find = async (condition: string, value: string | null, limit: number) => {
    if (value === null) return [];
    const rows = await db.query<SummaryRow>(
      `SELECT ${summaryColumns} FROM runs WHERE ${condition} ${visible} ORDER BY id DESC LIMIT $2`,
      [value, limit, ...user],
    );
    return rows.map(toSummary);
  };
  const [[parent], [origin], again, children] = await Promise.all([
    find('id = $1', run.parent_id, 1),
    find('id = $1', run.origin_id, 1),
    find('origin_id = $1', run.id, mostAgain),
    find('parent_id = $1', run.id, mostChildren + 1),
  ]);
  return {
    parent: parent ?? null,
    origin: origin ?? null,
    again,
    children: children.slice(0, mostChildren),
    moreChildren: children.length > mostChildren,
  };
}
