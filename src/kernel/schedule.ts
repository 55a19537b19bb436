import { Cron } from 'croner';
import { GantryError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { priorities } from '../contract/priority.ts';
import type { Schedule } from '../contract/schedule.ts';
import type { Logger } from '../base/logger.ts';
import type { Database, Queryable } from '../store/database.ts';
import type { Capability } from './capability.ts';
import type { NewSchedule } from './kernel.ts';
import { insertRun, parseInput, rank } from './start.ts';

interface ScheduleRow {
  id: string;
  name: string;
  capability: string;
  input: unknown;
  priority: number;
  cron: string;
  time_zone: string;
  user_id: string | null;
  enabled: boolean;
  next_at: Date;
  last_run_id: string | null;
}

/** The next time after `after` that the cron expression means in the time zone; INPUT_INVALID when it never comes. */
export function nextTime(cron: string, timeZone: string, after: Date): Date {
  let next: Date | null;
  try {
    next = new Cron(cron, { timezone: timeZone, paused: true }).nextRun(after);
  } catch (cause) {
    throw new GantryError(
      'INPUT_INVALID',
      `"${cron}" in ${timeZone} is no schedule (${String(cause)}). Write for example "0 9 * * 1-5" and Europe/Berlin.`,
      { cause },
    );
  }
  if (!next) throw new GantryError('INPUT_INVALID', `"${cron}" in ${timeZone} never comes again.`);
  return next;
}

export async function createSchedule(
  db: Database,
  capability: Capability,
  request: NewSchedule,
): Promise<Schedule> {
  const input = parseInput(capability, request.input);
  const nextAt = nextTime(request.cron, request.timeZone, new Date());
  const [row] = await db.query<ScheduleRow>(
    `INSERT INTO schedules (id, name, capability, input, priority, cron, time_zone, user_id, next_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (name) DO NOTHING RETURNING *`,
    [
      newId(),
      request.name,
      capability.name,
      JSON.stringify(input),
      rank(request.priority ?? 'normal'),
      request.cron,
      request.timeZone,
      request.userId,
      nextAt,
    ],
  );
  if (!row)
    throw new GantryError(
      'CONFLICT',
      `A schedule named "${request.name}" exists already. Choose another name.`,
    );
  return toSchedule(row);
}

export async function listSchedules(db: Database): Promise<Schedule[]> {
  return (await db.query<ScheduleRow>('SELECT * FROM schedules ORDER BY name')).map(toSchedule);
}

/** A schedule that was off goes on with its next time from now: what it missed isn't made up for. */
export async function enableSchedule(db: Database, id: string, enabled: boolean): Promise<Schedule> {
  const [row] = await db.query<ScheduleRow>('SELECT * FROM schedules WHERE id = $1', [id]);
  if (!row) throw notFound(id);
  const nextAt = nextTime(row.cron, row.time_zone, new Date());
  const [changed] = await db.query<ScheduleRow>(
    'UPDATE schedules SET enabled = $2, next_at = $3 WHERE id = $1 RETURNING *',
    [id, enabled, nextAt],
  );
  if (!changed) throw notFound(id);
  return toSchedule(changed);
}

export async function removeSchedule(db: Database, id: string): Promise<void> {
  const rows = await db.query('DELETE FROM schedules WHERE id = $1 RETURNING id', [id]);
  if (rows.length === 0) throw notFound(id);
}

/**
 * Starts what is due, once for all workers: the row is locked while its run is started and its next time written, and the
 * run's idempotency key is the planned time. After a long stop the latest missed time counts once. What can't be started
 * is logged and never holds up the others; a schedule that can never start again is switched off.
 */
export async function startDue(
  db: Database,
  capabilityNamed: (name: string) => Capability,
  maxQueued: number,
  log: Logger,
): Promise<number> {
  let started = 0;
  for (;;) {
    const found = await db.transaction((tx) => startNext(tx, capabilityNamed, maxQueued, log));
    if (found === undefined) return started;
    if (found) started += 1;
  }
}

type DueRow = ScheduleRow & { clock: Date; owner_gone: boolean };

/* By PostgreSQL's clock: with a worker's own, which may be behind, the next time could be the one that is due already. */
const dueSql = `
  SELECT s.*, greatest(now(), s.next_at) AS clock,
    s.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM users u WHERE u.id = s.user_id AND NOT u.disabled) AS owner_gone
  FROM schedules s WHERE s.enabled AND s.next_at <= now() ORDER BY s.next_at LIMIT 1 FOR UPDATE OF s SKIP LOCKED`;

/** True when a run was started, false when it couldn't be, undefined when nothing is due. */
async function startNext(
  tx: Queryable,
  capabilityNamed: (name: string) => Capability,
  maxQueued: number,
  log: Logger,
): Promise<boolean | undefined> {
  const [row] = await tx.query<DueRow>(dueSql, [], 'due_schedule');
  if (!row) return undefined;
  const next = row.owner_gone ? null : timeAfter(row);
  if (!next) {
    log.error({ schedule: row.name }, 'a schedule has no owner or no next time any more; it is switched off');
    await tx.query('UPDATE schedules SET enabled = false WHERE id = $1', [row.id]);
    return false;
  }
  await tx.query('SAVEPOINT planned');
  const runId = await startPlanned(tx, capabilityNamed, row, maxQueued).catch(async (error: unknown) => {
    await tx.query('ROLLBACK TO SAVEPOINT planned');
    log.error(
      { schedule: row.name, err: error },
      'a scheduled run could not be started; the next time it is tried again',
    );
    return null;
  });
  await tx.query('UPDATE schedules SET next_at = $2, last_run_id = coalesce($3, last_run_id) WHERE id = $1', [
    row.id,
    next,
    runId,
  ]);
  return runId !== null;
}

function timeAfter(row: DueRow): Date | null {
  try {
    return nextTime(row.cron, row.time_zone, row.clock);
  } catch {
    return null;
  }
}

async function startPlanned(
  tx: Queryable,
  capabilityNamed: (name: string) => Capability,
  row: ScheduleRow,
  maxQueued: number,
): Promise<string> {
  const request = {
    capability: row.capability,
    input: row.input,
    trigger: { kind: 'schedule' as const, scheduleId: row.id },
    userId: row.user_id,
    priority: priorities[row.priority] ?? 'normal',
    idempotencyKey: `schedule:${row.id}:${row.next_at.toISOString()}`,
  };
  const started = await insertRun(tx, capabilityNamed(row.capability), request, { maxQueued });
  return started.row.id;
}

function toSchedule(row: ScheduleRow): Schedule {
  return {
    id: row.id,
    name: row.name,
    capability: row.capability,
    input: row.input,
    cron: row.cron,
    timeZone: row.time_zone,
    priority: priorities[row.priority] ?? 'normal',
    userId: row.user_id,
    enabled: row.enabled,
    nextAt: row.next_at.toISOString(),
    lastRunId: row.last_run_id,
  };
}

function notFound(id: string): GantryError {
  return new GantryError('NOT_FOUND', `There is no schedule ${id}.`);
}
