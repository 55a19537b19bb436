import type { Run } from '../../contract/run.ts';
import type { DiffFile } from '../parts/diff-view.tsx';
import { lineDiff } from '../parts/line-diff.ts';

/** What a capability's run holds as texts that can be compared, by name. */
export type Comparable = (run: Run) => Readonly<Record<string, string>>;

const mostCharacters = 2_000_000;

/** Where two runs differ; their input and output as JSON unless the capability says what to compare. */
export function compareRuns(before: Run, after: Run, textsOf: Comparable = asJson): DiffFile[] | 'too-large' {
  const [old, now] = [textsOf(before), textsOf(after)];
  const size = [...Object.values(old), ...Object.values(now)].reduce((sum, text) => sum + text.length, 0);
  if (size > mostCharacters) return 'too-large';
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((name) => {
    const diff = lineDiff(old[name] ?? '', now[name] ?? '');
    return diff.hunks.length === 0 ? [] : [{ name, ...diff }];
  });
}

function asJson(run: Run): Readonly<Record<string, string>> {
  return {
    'input.json': JSON.stringify(run.input, null, 2),
    'output.json': JSON.stringify(run.output, null, 2),
  };
}
