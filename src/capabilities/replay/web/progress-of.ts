import type { Event } from '../../../contract/event.ts';

export interface ReplayProgress {
  readonly phase: string;
  readonly message: string;
  readonly done: number;
  readonly total: number;
}

/** How far a replay is, by the last of its events that says so. */
export function progressOf(events: readonly Event[]): ReplayProgress | undefined {
  const last = events.findLast((event) => event.type === 'progress');
  if (last?.type !== 'progress') return undefined;
  const { phase, message = '' } = last.data;
  const [, done = '0', total = '0'] = /^(\d+) of (\d+)/.exec(message) ?? [];
  return { phase: phase.toLowerCase(), message, done: Number(done), total: Number(total) };
}
