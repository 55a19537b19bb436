import { inert } from '../../../base/inert.ts';
import type { PlanStep } from '../schema.ts';
import { writtenCommit } from './guess-type.ts';

const longestTitle = 200;

/** A step whose title can be the subject of a commit, and which names nothing twice. */
export function tidyStep({ title: given, scope: area, ...step }: PlanStep): PlanStep {
  const line = inert(given.replace(/\s+/g, ' ').trim());
  // The type stands before the title of a commit by itself.
  const subject = writtenCommit.exec(line)?.[3] ?? line;
  const title = subject.replace(/[\s.]+$/, '') || line;
  const scope = inert(area ?? '').trim();
  return {
    ...step,
    title: title.slice(0, longestTitle).toWellFormed(),
    ...(scope !== '' && { scope: scope.slice(0, 40).toWellFormed() }),
    files: [...new Set(step.files)],
    dependsOn: [...new Set(step.dependsOn)],
  };
}
