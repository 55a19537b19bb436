import { priorities } from '../../contract/priority.ts';
import type { Queues } from '../../contract/system.ts';
import type { Database } from '../../store/database.ts';
import type { Caps } from '../dispatch.ts';

interface GroupRow {
  status: 'queued' | 'running' | 'waiting';
  priority: number;
  capability: string;
  count: number;
  oldest: number | null;
}

/* Each part is answered by the partial index of its status, however many runs have finished. */
const groupsSql = ['queued', 'running', 'waiting']
  .map(
    (status) => `
  SELECT '${status}' AS status, priority, capability, count(*),
    ${status === 'queued' ? 'extract(epoch FROM now() - min(queued_at))::float' : 'NULL::float'} AS oldest
  FROM runs WHERE status = '${status}' GROUP BY priority, capability`,
  )
  .join(' UNION ALL ');

/** Runs under way by priority and capability, what the waiting ones wait for, and what no live worker offers. */
export async function readQueues(db: Database, caps: Caps, maxQueued: number): Promise<Queues> {
  const [groups, waiting, unmet] = await Promise.all([
    db.query<GroupRow>(groupsSql, [], 'queue_groups'),
    db.query<Queues['waiting']>(waitingSql, [], 'queue_waits'),
    db.query<{ needs: string; queued: number; oldest: number }>(unmetSql, [], 'queue_unmet'),
  ]);
  const capabilities = [...new Set(groups.map((group) => group.capability))].toSorted();
  return {
    priorities: priorities.map((priority, rank) => ({
      priority,
      ...sum(groups.filter((group) => group.priority === rank)),
      limit: null,
    })),
    capabilities: capabilities.map((capability) => ({
      capability,
      ...sum(groups.filter((group) => group.capability === capability)),
      limit: caps.perCapability[capability] ?? null,
    })),
    waiting: waiting[0] ?? { person: 0, timer: 0, child: 0 },
    unmet: unmet.map(({ needs, queued, oldest }) => ({ needs, queued, oldestSeconds: oldest })),
    limits: {
      running: caps.running,
      perUser: caps.perUser,
      perRepository: caps.perRepository,
      queued: maxQueued,
    },
  };
}

function sum(groups: readonly GroupRow[]) {
  const count = (status: GroupRow['status']) =>
    groups.reduce((all, group) => (group.status === status ? all + group.count : all), 0);
  const waits = groups.flatMap(({ oldest }) => (oldest === null ? [] : [Math.max(0, oldest)]));
  return {
    queued: count('queued'),
    running: count('running'),
    waiting: count('waiting'),
    oldestSeconds: waits.length > 0 ? Math.max(...waits) : null,
  };
}

const waitingSql = `
  SELECT count(*) FILTER (WHERE asks IS NOT NULL) AS person,
    count(*) FILTER (WHERE asks IS NULL AND wake_at IS NOT NULL) AS timer,
    count(*) FILTER (WHERE asks IS NULL AND wake_at IS NULL) AS child
  FROM (SELECT asks, wake_at FROM runs WHERE status = 'waiting' LIMIT 5000) AS waiting`;

/* A worker that says nothing of what it offers takes any run. */
const unmetSql = `
  WITH live AS (
    SELECT capabilities, offers FROM workers WHERE beat_at > now() - interval '15 seconds'
  ), queued AS (
    SELECT coalesce(needs, capability) AS needs, capability, needs AS need, count(*) AS queued,
      extract(epoch FROM now() - min(queued_at))::float AS oldest
    FROM runs WHERE status = 'queued' GROUP BY 1, 2, 3
  )
  SELECT needs, queued, oldest FROM queued q WHERE EXISTS (SELECT FROM live) AND NOT EXISTS (
    SELECT FROM live WHERE (capabilities IS NULL OR q.capability = ANY(capabilities))
      AND (q.need IS NULL OR offers IS NULL OR q.need = ANY(offers))
  ) ORDER BY oldest DESC LIMIT 50`;
