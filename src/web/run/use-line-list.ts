import { useMemo } from 'react';
import type { RunLog } from '../../contract/run-log.ts';
import { createLineList, growLineList, type LineList, type LogFilter } from './log-lines.ts';

/** The lines that the filter lets through, up to now. The same object while it only grows. */
export function useLineList(log: RunLog, filter: LogFilter): LineList {
  const list = useMemo(() => createLineList(log, filter), [log, filter]);
  growLineList(list);
  return list;
}
