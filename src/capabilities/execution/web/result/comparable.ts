import type { Run } from '../../../../contract/run.ts';
import type { ExecutionRun } from '../queries.ts';

/** The texts of an execution: its files, what it read and what it wrote. */
export function comparable(any: Run): Readonly<Record<string, string>> {
  // A run of this capability: its schemas were checked when it was stored.
  const { input, output } = any as ExecutionRun;
  const files = input.files.map(({ name, content, encoding }) => [
    name,
    encoding === 'base64' ? '' : content,
  ]);
  return {
    ...Object.fromEntries(files),
    '(stdin)': input.stdin ?? '',
    '(stdout)': output?.stdout ?? '',
    '(stderr)': output?.stderr ?? '',
  };
}
