import type { Finding, Queues } from '../../contract/system.ts';
import type { WorkerView } from '../../contract/worker.ts';

export interface Circumstances {
  readonly workers: readonly WorkerView[];
  readonly queues: Queues;
  readonly dead: number;
  readonly paused: boolean;
  readonly now: Date;
}

const slowSeconds = 60;
/** A worker that was lost longer ago than this is history, not a state. */
const recentMs = 600_000;

/** What is wrong and what Gantry did about it, the gravest first; nothing when all is well. */
export function findingsOf(circumstances: Circumstances): Finding[] {
  const order = { down: 0, degraded: 1, note: 2 };
  return [...ofWorkers(circumstances), ...ofQueue(circumstances), ...ofDeadLetters(circumstances)].toSorted(
    (one, other) => order[one.severity] - order[other.severity],
  );
}

/** In one word. */
export function stateOf(findings: readonly Finding[]): 'healthy' | 'degraded' | 'down' {
  if (findings.some(({ severity }) => severity === 'down')) return 'down';
  return findings.some(({ severity }) => severity === 'degraded') ? 'degraded' : 'healthy';
}

function ofWorkers({ workers, queues, now }: Circumstances): Finding[] {
  const live = workers.filter(({ state }) => state !== 'lost');
  const queued = queuedIn(queues);
  const findings: Finding[] = [];
  if (live.length === 0) {
    const waits = queued > 0 ? ` ${runs(queued)} until one starts.` : ' New runs wait until one starts.';
    findings.push({ code: 'workers-none', severity: 'down', text: `No worker is there.${waits}`, at: null });
  } else if (live.every(({ state }) => state === 'draining')) {
    const text = 'All workers drain and begin nothing. Let one go on, or start another.';
    findings.push({ code: 'workers-draining', severity: 'degraded', text, at: null });
  }
  for (const { name, lost } of workers) {
    if (!lost || now.getTime() - Date.parse(lost.at) > recentMs) continue;
    const silent = lost.how === 'silent';
    findings.push({
      code: silent ? 'worker-silent' : 'worker-lost',
      severity: 'degraded',
      text: `${name} lost contact ${age(now.getTime() - Date.parse(lost.at))} ago. ${lost.text}`,
      at: lost.at,
    });
  }
  return findings;
}

function ofQueue({ queues, paused }: Circumstances): Finding[] {
  const findings: Finding[] = [];
  const queued = queuedIn(queues);
  if (paused) {
    const text = 'An admin has paused the start of runs. Those that run go on; new ones wait.';
    findings.push({ code: 'intake-paused', severity: 'degraded', text, at: null });
  }
  if (queued >= queues.limits.queued) {
    const text = `The queue is full: ${queued} of ${queues.limits.queued}. New runs are refused until some have begun.`;
    findings.push({ code: 'queue-full', severity: 'degraded', text, at: null });
  }
  for (const { needs, queued: count, oldestSeconds } of queues.unmet) {
    const text = `No worker offers ${needs.replace('/', ': ')}. ${runs(count)} for it, the oldest for ${age(oldestSeconds * 1000)}.`;
    findings.push({ code: 'no-worker-offers', severity: 'degraded', text, at: null });
  }
  const oldest = Math.max(0, ...queues.priorities.slice(0, 3).map((each) => each.oldestSeconds ?? 0));
  if (oldest > slowSeconds && !paused && queues.unmet.length === 0) {
    const text = `Runs wait long for a slot: the oldest for ${age(oldest * 1000)}. More slots or workers would help.`;
    findings.push({ code: 'queue-slow', severity: 'degraded', text, at: null });
  }
  return findings;
}

function ofDeadLetters({ dead }: Circumstances): Finding[] {
  if (dead === 0) return [];
  const text =
    dead === 1
      ? '1 run failed on every attempt and was set aside. Retry or discard it.'
      : `${dead} runs failed on every attempt and were set aside. Retry or discard them.`;
  return [{ code: 'dead-letters', severity: 'note', text, at: null }];
}

function queuedIn({ priorities }: Queues): number {
  return priorities.reduce((sum, { queued }) => sum + queued, 0);
}

function runs(count: number): string {
  return count === 1 ? '1 run waits' : `${count} runs wait`;
}

/** `40 s`, `4 min`, `3 h`. */
function age(ms: number): string {
  if (ms < 60_000) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`;
  return `${Math.floor(ms / 3_600_000)} h`;
}
