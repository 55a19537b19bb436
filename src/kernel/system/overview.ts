import type { Bucket, Overview } from '../../contract/system.ts';
import { findingsOf, stateOf, type Circumstances } from './health.ts';

/** All of it in one answer: figures, the last hours, and what is wrong. */
export function readOverview(
  seen: Circumstances & { readonly hours: readonly Bucket[]; readonly retentionDays: number },
): Overview {
  const { workers, queues, dead, hours, retentionDays, now } = seen;
  const live = workers.filter(({ state }) => state !== 'lost');
  const findings = findingsOf(seen);
  const total = (name: 'queued' | 'running' | 'waiting') =>
    queues.priorities.reduce((sum, line) => sum + line[name], 0);
  const waits = queues.priorities.flatMap(({ oldestSeconds }) =>
    oldestSeconds === null ? [] : [oldestSeconds],
  );
  const starts = live.flatMap(({ figures }) => figures?.sandboxStart ?? []);
  const latest = hours.findLast(({ waitP50Ms }) => waitP50Ms !== null);
  return {
    at: now.toISOString(),
    state: stateOf(findings),
    findings,
    slots: {
      all: live.reduce((sum, { slots }) => sum + slots, 0),
      busy: live.reduce((sum, { busy }) => sum + busy, 0),
    },
    workers: { live: live.length, all: workers.length },
    queued: total('queued'),
    running: total('running'),
    waiting: total('waiting'),
    waitingForPerson: queues.waiting.person,
    dead,
    retentionDays,
    oldestSeconds: waits.length > 0 ? Math.max(...waits) : null,
    sandboxStart:
      starts.length > 0
        ? {
            p50Ms: Math.max(...starts.map(({ p50Ms }) => p50Ms)),
            p95Ms: Math.max(...starts.map(({ p95Ms }) => p95Ms)),
          }
        : null,
    wait: latest ? { p50Ms: latest.waitP50Ms ?? 0, p95Ms: latest.waitP95Ms ?? 0 } : null,
    hours: [...hours],
  };
}
