import type { Run } from '../../contract/run.ts';
import { compareTexts, type Texts } from '../parts/compare-texts.ts';
import type { DiffFile } from '../parts/diff-file.ts';

/** What a capability's run holds as texts that can be compared, by name. */
export type Comparable = (run: Run) => Texts;

/** Where two runs differ; their input and output as JSON unless the capability says what to compare. */
export function compareRuns(before: Run, after: Run, textsOf: Comparable = asJson): DiffFile[] | 'too-large' {
  return compareTexts(textsOf(before), textsOf(after));
}

function asJson(run: Run): Texts {
  return {
    'input.json': JSON.stringify(run.input, null, 2),
    'output.json': JSON.stringify(run.output, null, 2),
  };
}
