import type { Kernel } from '../kernel/kernel.ts';
import type { System } from '../kernel/system/system.ts';
import type { Database } from '../store/database.ts';

/** What of the queue and the workers goes into the metrics. */
export async function readQueue(kernel: Kernel, system: System) {
  const [{ queued, dead }, all] = await Promise.all([kernel.stats(), system.workers()]);
  const workers = all.flatMap(({ state, name, slots, busy, figures }) =>
    state === 'lost'
      ? []
      : [{ name, slots, busy, rssBytes: figures?.rssBytes ?? null, load: figures?.load ?? null }],
  );
  const sum = (name: 'slots' | 'busy') => workers.reduce((total, worker) => total + worker[name], 0);
  return { queued, dead, slots: sum('slots'), busy: sum('busy'), workers };
}

export function readPool({ pool }: Database) {
  return { total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount };
}
