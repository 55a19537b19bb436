import { Cron } from 'croner';
import { GantryError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { priorities } from '../contract/run.ts';
import type { Schedule } from '../contract/schedule.ts';
import type { Logger } from '../base/logger.ts';
import type { Database } from '../store/database.ts';
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
 * run's idempotency key is the planned time. After a long stop the latest missed time counts once.
 */
export async function startDue(
  db: Database,
  capabilityNamed: (name: string) => Capability,
  maxQueued: number,
  log: Logger,
): Promise<number> {
  let started = 0;
  for (;;) {
    const more = await db.transaction(async (tx) => {
      const [row] = await tx.query<ScheduleRow>(
        'SELECT * FROM schedules WHERE enabled AND next_at <= now() ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED',
        [],
        'due_schedule',
      );
      if (!row) return false;
      const planned = row.next_at.toISOString();
      const next = nextTime(row.cron, row.time_zone, new Date());
      const run = await insertRun(
        tx,
        capabilityNamed(row.capability),
        {
          capability: row.capability,
          input: row.input,
          trigger: { kind: 'schedule', scheduleId: row.id },
          userId: row.user_id,
          priority: priorities[row.priority] ?? 'normal',
          idempotencyKey: `schedule:${row.id}:${planned}`,
        },
        { maxQueued },
      ).catch((error: unknown) => {
        if (!(error instanceof GantryError)) throw error;
        log.error(
          { schedule: row.name, err: error },
          'a scheduled run could not be started; the next time it is tried again',
        );
        return null;
      });
      await tx.query(
        'UPDATE schedules SET next_at = $2, last_run_id = coalesce($3, last_run_id) WHERE id = $1',
        [row.id, next, run?.row.id ?? null],
      );
      if (run) started += 1;
      return true;
    });
    if (!more) return started;
  }
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
