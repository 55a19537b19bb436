import { availableParallelism, freemem, hostname, loadavg, totalmem } from 'node:os';
import type { WorkerFigures } from '../contract/worker.ts';
import type { Capability } from './capability.ts';

export type { WorkerFigures };

/** What a worker says of itself when it signs on. */
export interface WorkerCard {
  readonly host: string;
  readonly pid: number;
  readonly slots: number;
  readonly version: string | null;
  readonly capabilities: readonly string[];
  readonly offers: readonly string[] | null;
  /** True when it signs on anew and was draining before. */
  readonly drains: boolean;
  figures(): WorkerFigures;
}

/** What only the composition knows of a worker. */
export interface WorkerAbout {
  readonly version: string;
  /** What it has that a run may need, by `offerOf`, once that has been found out; null takes any run. */
  offers(): readonly string[] | null;
  /** How long sandboxes took to start here lately; null before the first. */
  sandboxStarts(): { readonly p50Ms: number; readonly p95Ms: number } | null;
}

/** The name of something that only some workers have: `execution/python 3.12.3`. */
export function offerOf(capability: string, what: string): string {
  return `${capability}/${what}`;
}

/** What a run with this input needs of its worker, by the same names; null when any worker will do. */
export function needOf(capability: Capability, input: unknown): string | null {
  const what = capability.needs?.(input) ?? null;
  return what === null ? null : offerOf(capability.name, what);
}

export function describeWorker(
  slots: number,
  capabilities: readonly string[],
  about: WorkerAbout | undefined,
  drains: boolean,
): WorkerCard {
  return {
    host: hostname(),
    pid: process.pid,
    slots,
    version: about?.version ?? null,
    capabilities,
    offers: about?.offers() ?? null,
    drains,
    figures: () => readFigures(about),
  };
}

export function readFigures(about: WorkerAbout | undefined): WorkerFigures {
  return {
    cores: availableParallelism(),
    load: loadavg()[0] ?? 0,
    rssBytes: process.memoryUsage.rss(),
    memoryBytes: totalmem(),
    freeBytes: freemem(),
    sandboxStart: about?.sandboxStarts() ?? null,
  };
}
