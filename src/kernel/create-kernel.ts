import { GantryError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Priority, Run } from '../contract/run.ts';
import { isTerminal } from '../contract/run-status.ts';
import type { Database, Queryable } from '../store/database.ts';
import { readEvents } from '../store/event-log.ts';
import { forkRun, retryRun } from './again.ts';
import { cancelRun } from './cancel.ts';
import { pauseRun, resumeRun } from './pause.ts';
import type { Capability } from './capability.ts';
import type { Hub } from './follow.ts';
import { readSteps } from './history.ts';
import { isAsked } from './inbox.ts';
import type { Kernel, StartRequest } from './kernel.ts';
import { getRun, queueStats, toStep } from './list.ts';
import { sendMessages } from './messages.ts';
import { queuedBecause, type QueueRules } from './queued-because.ts';
import { deleteRuns } from './retention.ts';
import { setBudget } from './run-budget.ts';
import { countRuns } from './run-counts.ts';
import { createRunDetails } from './run-details.ts';
import { listRuns } from './run-list.ts';
import { toRun, type RunRow } from './run-row.ts';
import { createSchedule, enableSchedule, listSchedules, removeSchedule } from './schedule.ts';
import { sendSignal } from './signal.ts';
import { insertRun, parseInput, rank, takeTurn, type Started, type StartOptions } from './start.ts';
import { readUsage } from './usage.ts';
import { changeRun } from './wake.ts';

export interface KernelOptions {
  readonly db: Database;
  readonly hub: Hub;
  readonly capabilityNamed: (name: string) => Capability;
  /** Asked at each start, because it changes while Gantry runs. */
  readonly maxQueued: () => number;
  /** True for a user who has a limit of waiting runs of their own. */
  readonly hasOwnQueue?: (userId: string) => boolean;
  /** Told when this process has put a run into the queue; wakes the worker in the same process. */
  readonly onQueued: () => void;
  /** What the queue goes by at present, for telling why a run still waits; without it nothing is told. */
  readonly queueRules?: () => QueueRules;
  /** Name of this process's kernel, for its own worker to know its starts by. */
  readonly sender?: string;
}

/** Looks capabilities up by name; INPUT_INVALID names those that there are. */
export function catalogueOf(capabilities: readonly Capability[]): (name: string) => Capability {
  const byName = new Map(capabilities.map((capability) => [capability.name, capability]));
  return (name) => {
    const capability = byName.get(name);
    if (capability) return capability;
    throw new GantryError(
      'INPUT_INVALID',
      `There is no capability "${name}". There is: ${[...byName.keys()].join(', ')}.`,
      {
        problems: [{ path: 'capability', message: 'unknown capability' }],
      },
    );
  };
}

export function createKernel(options: KernelOptions): Kernel {
  const { db, capabilityNamed } = options;
  const asked = reads(options);
  return {
    ...asked,
    ...createRunDetails(db),
    ...acts(options, asked.finished),
    schedules: scheduleCalls(db, capabilityNamed),
    stats: () => queueStats(db),
  };
}

type Reads = Pick<
  Kernel,
  | 'get'
  | 'queuedBecause'
  | 'isAsked'
  | 'list'
  | 'count'
  | 'usage'
  | 'changes'
  | 'steps'
  | 'events'
  | 'follow'
  | 'finished'
>;

function reads({ db, hub, queueRules }: KernelOptions): Reads {
  const get = async (runId: string) => toRun(await getRun(db, runId));
  return {
    get,
    queuedBecause: async (run) =>
      run.status === 'queued' && queueRules ? queuedBecause(db, run.id, queueRules()) : null,
    list: (request) => listRuns(db, request),
    count: (filter) => countRuns(db, filter),
    usage: (request) => readUsage(db, request),
    changes: (userId, signal) => hub.feed.follow(userId, signal),
    isAsked: (runId, userId, role) => isAsked(db, runId, userId, role),
    steps: async (runId) => {
      await getRun(db, runId);
      return (await readSteps(db, runId)).map(toStep);
    },
    events: async (runId, after, limit) => {
      await getRun(db, runId);
      return readEvents(db, runId, after, limit);
    },
    follow: (runId, after, signal) => hub.follow(runId, after, signal),
    finished: async (runId, signal) => {
      for (;;) {
        const over = new AbortController();
        const end = hub.untilEnd(runId, AbortSignal.any([signal, over.signal]));
        try {
          const run = await get(runId);
          if (run.finishedAt !== null || signal.aborted) return run;
          const ended = await end;
          if (ended) return ended;
        } finally {
          over.abort();
        }
      }
    },
  };
}

type Acts = Pick<
  Kernel,
  | 'start'
  | 'run'
  | 'cancel'
  | 'pause'
  | 'resume'
  | 'retry'
  | 'fork'
  | 'signal'
  | 'send'
  | 'prioritise'
  | 'setBudget'
  | 'discard'
>;

function acts(options: KernelOptions, finished: Kernel['finished']): Acts {
  const { db, hub, capabilityNamed, maxQueued, onQueued, sender, hasOwnQueue } = options;
  const queued = (run: Run) => {
    onQueued();
    return run;
  };
  const answer = ({ row, replayed }: Started) => ({ run: queued(toRun(row)), replayed });
  const ownQueue = (userId: string | null) => (userId !== null && hasOwnQueue?.(userId) ? userId : null);
  const inTurn = async (userId: string | null, work: (on: Queryable) => Promise<Started>) => {
    const owner = ownQueue(userId);
    if (owner === null) return work(db);
    return db.transaction(async (tx) => {
      await takeTurn(tx, owner);
      return work(tx);
    });
  };
  const insert = async (request: StartRequest, more: Partial<StartOptions> = {}) => {
    const capability = capabilityNamed(request.capability);
    const rules = { maxQueued: maxQueued(), sender, ...more };
    if (capability.accepts) await capability.accepts(parseInput(capability, request.input));
    return answer(await inTurn(request.userId, (on) => insertRun(on, capability, request, rules)));
  };
  return {
    start: (request) => insert(request),
    run: async (request, signal) => {
      // Listened for before it exists: an end can't slip through in between, and nobody has to ask for it.
      const id = newId();
      const over = new AbortController();
      const end = hub.untilEnd(id, AbortSignal.any([signal, over.signal]));
      try {
        const started = await insert(request, { id });
        const ended = started.replayed ? undefined : await end;
        return { run: ended ?? (await finished(started.run.id, signal)), replayed: started.replayed };
      } finally {
        over.abort();
      }
    },
    ...steering(db, queued),
    retry: async (runId, trigger, userId, idempotencyKey) => {
      const earlier = await getRun(db, runId);
      const request = { trigger, userId, idempotencyKey };
      const capability = capabilityNamed(earlier.capability);
      return answer(await inTurn(userId, (on) => retryRun(on, earlier, capability, request, maxQueued())));
    },
    fork: async (runId, from, trigger, userId, idempotencyKey) => {
      const earlier = await getRun(db, runId);
      const request = { trigger, userId, idempotencyKey };
      const capability = capabilityNamed(earlier.capability);
      return answer(
        await db.transaction(async (tx) => {
          const owner = ownQueue(userId);
          if (owner !== null) await takeTurn(tx, owner);
          return forkRun(tx, earlier, capability, from, request, maxQueued());
        }),
      );
    },
    signal: async (runId, name, payload, by, idempotencyKey, as) => {
      await getRun(db, runId);
      const sender = by === null ? null : { userId: by, ...(as && { role: as.role }) };
      const onlyAnswers = as?.onlyAnswers ?? false;
      await sendSignal(db, runId, { name, payload, by: sender, idempotencyKey, onlyAnswers });
      onQueued();
    },
    send: (runId, name, payloads, by) => sendMessages(db, { runId, name, payloads, by }),
    discard: async (runId) => {
      const row = await getRun(db, runId);
      if (!isTerminal(row.status)) {
        throw new GantryError(
          'CONFLICT',
          `Run ${runId} is still ${row.status}. Cancel it before you delete it.`,
        );
      }
      await deleteRuns(db, [runId]);
      await db.query(`SELECT pg_notify('gantry_events', $1)`, [`${runId} 0 0`]);
    },
  };
}

function steering(
  db: Database,
  queued: (run: Run) => Run,
): Pick<Kernel, 'cancel' | 'pause' | 'resume' | 'prioritise' | 'setBudget'> {
  const act = (work: (db: Database, runId: string, by: string | null) => Promise<RunRow>) => {
    return async (runId: string, by: string | null) => {
      await getRun(db, runId);
      return queued(toRun(await work(db, runId, by)));
    };
  };
  return {
    cancel: act(cancelRun),
    pause: act(pauseRun),
    resume: act(resumeRun),
    setBudget: async (runId, change, by) => {
      await getRun(db, runId);
      return toRun(await setBudget(db, runId, change, by));
    },
    prioritise: async (runId, priority, by) => queued(await prioritise(db, runId, priority, by)),
  };
}

async function prioritise(db: Database, runId: string, priority: Priority, by: string | null): Promise<Run> {
  await getRun(db, runId);
  return db.transaction(async (tx) => {
    await tx.query('SELECT FROM runs WHERE id = $1 FOR UPDATE', [runId]);
    const row = await changeRun(tx, runId, 'priority = $7', [rank(priority)], {
      type: 'run.priority',
      data: { priority, by },
    });
    if (row.finished_at)
      throw new GantryError(
        'RUN_FINISHED',
        `Run ${runId} has finished; its priority means nothing any more.`,
      );
    return toRun(row);
  });
}

function scheduleCalls(db: Database, capabilityNamed: KernelOptions['capabilityNamed']): Kernel['schedules'] {
  return {
    list: () => listSchedules(db),
    create: (schedule) => createSchedule(db, capabilityNamed(schedule.capability), schedule),
    enable: (id, enabled) => enableSchedule(db, id, enabled),
    remove: (id) => removeSchedule(db, id),
  };
}
