import type { Run } from '../../../../contract/run.ts';
import { programTexts } from '../program-texts.ts';
import type { ExecutionRun } from '../queries.ts';

/** The texts of an execution: its program and what it wrote. */
export function comparable(any: Run): Readonly<Record<string, string>> {
  // A run of this capability: its schemas were checked when it was stored.
  const { input, output } = any as ExecutionRun;
  return {
    ...programTexts(input),
    '/dev/stdout': output?.stdout ?? '',
    '/dev/stderr': output?.stderr ?? '',
  };
}
