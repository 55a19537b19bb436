import { createHash } from 'node:crypto';
import { GantryError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { metrics } from '../base/metrics.ts';
import { inputProblems } from '../contract/problem.ts';
import type { Priority } from '../contract/run.ts';
import { priorities } from '../contract/priority.ts';
import type { Queryable } from '../store/database.ts';
import type { Capability } from './capability.ts';
import type { StartRequest } from './kernel.ts';
import type { RunRow } from './run-row.ts';
import { needOf } from './worker-card.ts';

export interface StartOptions {
  readonly maxQueued: number;
  /** Chosen by the caller where the id must be known before. */
  readonly id?: string;
  readonly parentId?: string;
  /** See KernelOptions. */
  readonly sender?: string | undefined;
  /** `from` is the first step that a fork does again. */
  readonly origin?: { readonly kind: 'retry' | 'fork'; readonly runId: string; readonly from?: number };
}

/** `replayed` is true when an idempotency key had already started it. */
export interface Started {
  readonly row: RunRow;
  readonly replayed: boolean;
}

/** Checks the input by the capability's schema. INPUT_INVALID names every problem. */
export function parseInput(capability: Capability, input: unknown): unknown {
  const parsed = capability.input.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = inputProblems(parsed.error);
  const first = problems[0];
  throw new GantryError(
    'INPUT_INVALID',
    `The input of ${capability.name} is not valid: ${first?.path ?? ''}: ${first?.message ?? ''}.`,
    {
      problems,
    },
  );
}

/**
 * Inserts the run and its first event in one statement and wakes a worker. A child run, a retry and a fork are
 * started here as well; children aren't counted against the queue, or a full queue could block its own parents.
 */
export async function insertRun(
  db: Queryable,
  capability: Capability,
  request: StartRequest,
  options: StartOptions,
): Promise<Started> {
  const input = parseInput(capability, request.input);
  const hash = request.idempotencyKey === undefined ? null : hashRequest(request, options.origin);
  const shareKey = request.userId ?? 'system';
  const values = [
    options.id ?? newId(),
    capability.name,
    titleOf(capability, input),
    rank(request.priority ?? 'normal'),
    JSON.stringify(input),
    request.budget ? JSON.stringify(request.budget) : null,
    request.userId,
    shareKey,
    text(capability.repository?.(input)),
    JSON.stringify(request.trigger),
    options.parentId ?? null,
    options.origin?.runId ?? null,
    options.origin?.kind ?? null,
    request.idempotencyKey ?? null,
    hash,
    options.parentId === undefined ? options.maxQueued : 2_147_483_647,
    options.sender ?? '',
    needOf(capability, input),
  ];
  const [row] = await db.query<RunRow>(insertSql, values, 'start_run');
  if (row) {
    metrics.runCreated(row.capability);
    return { row, replayed: false };
  }
  if (request.idempotencyKey !== undefined) {
    const earlier = await findEarlier(db, shareKey, request.idempotencyKey, hash);
    if (earlier) return { row: earlier, replayed: true };
  }
  throw await queueFull(db, shareKey, options.maxQueued);
}

/**
 * Lets the starts of a user who has a limit of waiting runs of their own come one after the other, in the caller's
 * transaction: each then counts all that came before.
 */
export async function takeTurn(tx: Queryable, userId: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 7070003))', [`queue of ${userId}`]);
}

/** Says which of the two limits was reached: the user's own, or everybody's. */
async function queueFull(db: Queryable, shareKey: string, maxQueued: number): Promise<GantryError> {
  const [own] = await db.query<{ queued: number; waiting: number }>(
    `SELECT queued, (SELECT count(*) FROM runs WHERE status = 'queued' AND share_key = $1) AS waiting
     FROM user_limits WHERE user_id = $1 AND queued IS NOT NULL`,
    [shareKey],
    'own_queue',
  );
  const after = { retryAfterSeconds: 5 };
  if (own?.queued === 0) {
    const why = 'An admin has set the limit of your waiting runs to 0, so you can start none. Ask an admin.';
    return new GantryError('QUEUE_FULL', why, after);
  }
  const most = own && own.waiting >= own.queued ? own.queued : null;
  const message =
    most === null
      ? `${maxQueued} runs are waiting already. Try again in a few seconds.`
      : `${most} of your runs are waiting already, and that is your limit. Try again when one has begun, or ask an admin for more.`;
  return new GantryError('QUEUE_FULL', message, after);
}

const longestTitle = 300;

/* PostgreSQL takes no NUL in text, and a title is for one line of a list. */
function titleOf(capability: Capability, input: unknown): string {
  return (text(capability.title(input)) ?? '').slice(0, longestTitle);
}

function text(value: string | null | undefined): string | null {
  return value?.replaceAll('\0', '\u{fffd}') ?? null;
}

export function rank(priority: Priority): number {
  return priorities.indexOf(priority);
}

async function findEarlier(
  db: Queryable,
  shareKey: string,
  key: string,
  hash: string | null,
): Promise<RunRow | undefined> {
  const [row] = await db.query<RunRow>('SELECT * FROM runs WHERE share_key = $1 AND idempotency_key = $2', [
    shareKey,
    key,
  ]);
  if (row && row.idempotency_hash !== hash) {
    throw new GantryError(
      'IDEMPOTENCY_MISMATCH',
      `The idempotency key was used for another request (run ${row.id}). Take a new key.`,
    );
  }
  return row;
}

function hashRequest(
  { capability, input, priority, budget }: StartRequest,
  origin: StartOptions['origin'],
): string {
  return createHash('sha256')
    .update(JSON.stringify([capability, input, priority, budget, origin]))
    .digest('hex');
}

const insertSql = `
  WITH started AS (
    INSERT INTO runs (id, capability, title, status, priority, input, budget, user_id, share_key, repository, trigger,
      parent_id, origin_id, origin_kind, idempotency_key, idempotency_hash, needs, last_seq)
    SELECT $1, $2, $3, 'queued', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $18, 1
    WHERE (SELECT count(*) FROM (SELECT 1 FROM runs WHERE status = 'queued' LIMIT $16) AS waiting) < $16
      AND ($11::uuid IS NOT NULL OR coalesce((
        SELECT (SELECT count(*) FROM (SELECT 1 FROM runs WHERE status = 'queued' AND share_key = $8 LIMIT l.queued) AS own) < l.queued
        FROM user_limits l WHERE l.user_id = $8), true))
    ON CONFLICT (share_key, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING *
  ), written AS (
    INSERT INTO events (run_id, seq, at, type, data)
    SELECT id, 1, now(), 'run.queued', '{"reason":"started"}' FROM started
  )
  SELECT started.*, pg_notify('gantry_queue', $17) FROM started`;
