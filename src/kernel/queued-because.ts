import type { QueuedBecause } from '../contract/queued-because.ts';
import type { Database } from '../store/database.ts';
import type { Caps } from './dispatch.ts';

/** What holds at present for all runs. */
export interface QueueRules {
  readonly caps: Caps;
  /** No run is begun. */
  readonly intakePaused: boolean;
}

interface Facts {
  readonly capability: string;
  readonly repository: string | null;
  readonly needs: string | null;
  readonly attempt: number;
  readonly laterMs: number;
  readonly all: number;
  readonly ofUser: number;
  readonly ofRepository: number;
  readonly ofCapability: number;
  readonly userMost: number | null;
  /** Slots of the workers that could take it, and of those that could but for what it needs. */
  readonly slots: number;
  readonly slotsWithout: number;
  readonly busy: number;
}

/**
 * Why a run is still queued after a second, by what the claim in `dispatch.ts` goes by. Null when it isn't, and when nothing
 * keeps it: then its turn comes any moment.
 */
export async function queuedBecause(
  db: Database,
  runId: string,
  { caps, intakePaused }: QueueRules,
): Promise<QueuedBecause | null> {
  const [facts] = await db.query<Facts>(factsSql, [runId], 'queued_because');
  if (!facts) return null;
  if (intakePaused)
    return because('intake', 0, '', 'No run is begun at present: an admin has paused the intake.');
  if (facts.laterMs > 0) {
    const seconds = Math.ceil(facts.laterMs / 1000);
    return because(
      'again',
      facts.attempt,
      '',
      `It failed for a reason that may pass. Tries again in ${seconds} s.`,
    );
  }
  return needed(facts) ?? capped(facts, caps) ?? crowded(facts);
}

function because(limit: QueuedBecause['limit'], of: number, name: string, text: string): QueuedBecause {
  return { limit, of, name, text };
}

function needed({ needs, capability, slots, slotsWithout }: Facts): QueuedBecause | null {
  if (slots > 0) return null;
  if (slotsWithout === 0)
    return because('workers', 0, '', 'Waits for a worker: none that takes runs is there.');
  const name = needs?.slice(needs.indexOf('/') + 1) ?? capability;
  return because('need', 0, name, `Waits for a worker that has ${name}: none that is there has it.`);
}

/** The claim's caps; the first that is reached is told. */
function capped(facts: Facts, caps: Caps): QueuedBecause | null {
  const { repository, capability } = facts;
  const full = (working: number, most: number) => working >= most;
  if (repository !== null && full(facts.ofRepository, caps.perRepository))
    return because(
      'repository',
      caps.perRepository,
      repository,
      turn(facts.ofRepository, ` on ${repository}`),
    );
  const ofCapability = caps.perCapability[capability];
  if (ofCapability !== undefined && full(facts.ofCapability, ofCapability))
    return because('capability', ofCapability, capability, turn(facts.ofCapability, ` of ${capability}`));
  const ofUser = facts.userMost ?? caps.perUser;
  if (full(facts.ofUser, ofUser)) return because('user', ofUser, '', turn(facts.ofUser, ' of the same user'));
  if (full(facts.all, caps.running)) return because('instance', caps.running, '', turn(facts.all, ''));
  return null;
}

function turn(working: number, where: string): string {
  const runs = working === 1 ? '1 run works' : `${working} runs work`;
  return `Waits for its turn: ${runs}${where} already, which is the limit.`;
}

function crowded({ slots, busy }: Facts): QueuedBecause | null {
  if (busy < slots) return null;
  const all = slots === 1 ? 'The one slot' : `All ${slots} slots`;
  return because(
    'workers',
    slots,
    '',
    `Waits for a free slot. ${all} of the workers ${slots === 1 ? 'is' : 'are'} taken.`,
  );
}

const factsSql = `
  WITH run AS (
    SELECT * FROM runs WHERE id = $1 AND status = 'queued' AND queued_at < now() - interval '1 second'
  ), busy AS MATERIALIZED (
    SELECT share_key, capability, repository, worker_id FROM runs WHERE status = 'running' AND EXISTS (SELECT FROM run)
  ), live AS (
    SELECT w.id, w.slots, run.needs IS NULL OR w.offers IS NULL OR run.needs = ANY(w.offers) AS offers
    FROM workers w, run WHERE w.beat_at > now() - interval '15 seconds' AND w.drain_at IS NULL
      AND (w.capabilities IS NULL OR run.capability = ANY(w.capabilities))
  )
  SELECT run.capability, run.repository, run.needs, run.attempt,
    1000 * extract(epoch FROM run.available_at - now())::float AS "laterMs",
    (SELECT count(*) FROM busy)::int AS "all",
    (SELECT count(*) FROM busy WHERE share_key = run.share_key)::int AS "ofUser",
    (SELECT count(*) FROM busy WHERE repository = run.repository)::int AS "ofRepository",
    (SELECT count(*) FROM busy WHERE capability = run.capability)::int AS "ofCapability",
    (SELECT running FROM user_limits WHERE user_id = run.share_key) AS "userMost",
    (SELECT coalesce(sum(slots), 0) FROM live WHERE offers)::int AS slots,
    (SELECT coalesce(sum(slots), 0) FROM live)::int AS "slotsWithout",
    (SELECT count(*) FROM busy WHERE worker_id IN (SELECT id FROM live WHERE offers))::int AS busy
  FROM run`;
