import type { LogLine, RunLog } from '../../contract/run-log.ts';

export const logFilters = ['all', 'output', 'errors', 'gantry'] as const;
export type LogFilter = (typeof logFilters)[number];

/** The numbers of the lines that a filter lets through, from 1; grows with the log without looking at a line twice. */
export interface LineList {
  readonly log: RunLog;
  readonly filter: LogFilter;
  /** Null for all lines. */
  readonly numbers: number[] | null;
  /** Number of the last line that was looked at. */
  looked: number;
}

export function createLineList(log: RunLog, filter: LogFilter): LineList {
  return { log, filter, numbers: filter === 'all' ? null : [], looked: log.dropped };
}

/** Takes in the lines that came since. */
export function growLineList(list: LineList): void {
  const { log, numbers, filter } = list;
  const end = log.dropped + log.lines.length;
  if (numbers) {
    for (let number = Math.max(list.looked, log.dropped) + 1; number <= end; number += 1) {
      const line = log.lines[number - 1 - log.dropped];
      if (line && letsThrough(filter, line)) numbers.push(number);
    }
    const gone = numbers.findIndex((number) => number > log.dropped);
    if (gone > 0) numbers.splice(0, gone);
  }
  list.looked = end;
}

export function countOf({ log, numbers }: LineList): number {
  return numbers ? numbers.length : log.lines.length;
}

/** The number of the line at this place of the list. */
export function numberAt({ log, numbers }: LineList, index: number): number {
  return numbers ? (numbers[index] ?? 0) : log.dropped + index + 1;
}

/** Where a line stands in the list, or where it would. */
export function indexOf(list: LineList, number: number): number {
  const { log, numbers } = list;
  if (!numbers) return Math.min(Math.max(0, number - 1 - log.dropped), Math.max(0, log.lines.length - 1));
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, Math.max(0, numbers.length - 1));
}

export function lineNumbered(log: RunLog, number: number): LogLine | undefined {
  return log.lines[number - 1 - log.dropped];
}

function letsThrough(filter: LogFilter, line: LogLine): boolean {
  if (filter === 'all') return true;
  if (filter === 'output') return line.kind === 'output';
  if (filter === 'gantry') return line.kind === 'event';
  return isError(line);
}

/** Whether a line is told in red: what went wrong in Gantry's words, or what the program wrote to stderr. */
export function isError(line: LogLine): boolean {
  if (line.kind === 'output') return line.stream === 'stderr';
  const { type, data } = line.event;
  if (type === 'log') return data.level === 'error';
  return type === 'step.failed' || type === 'run.failed' || type === 'run.dead' || type === 'step.retrying';
}
