import { commitTypes, type PlanStep } from '../schema.ts';

type CommitType = PlanStep['type'];

/** `fix(cart)!: round to cents`: a subject that names its type already. */
export const writtenCommit = new RegExp(
  String.raw`^(${commitTypes.join('|')})(?:\(([^()]{1,40})\))?!?:\s+(.*)$`,
  'is',
);

/* What the first word says counts most: "Add a test for the broken parser" is a test. */
const verbs: readonly (readonly [CommitType, RegExp])[] = [
  ['fix', /^(fix|repair|correct|mend|resolve|debug|prevent|handle)\b/i],
  ['refactor', /^(refactor|rename|extract|simplify|move|split|inline|reorgani[sz]e|clean)\b/i],
  ['perf', /^(optimi[sz]e|speed)\b/i],
  ['docs', /^(document|describe|explain)\b/i],
  ['build', /^(upgrade|bump|pin|downgrade)\b/i],
  ['style', /^(format|reformat|lint)\b/i],
  ['test', /^(test|cover)\b/i],
];

const subjects: readonly (readonly [CommitType, RegExp])[] = [
  ['test', /^(add|write|extend|improve)\b.{0,40}\b(tests?|coverage)\b/i],
  ['docs', /\b(readme|changelog|docs?|documentation|docstrings?|typos?)\b/i],
  ['ci', /\b(ci|github actions?|gitlab ci|pipelines?)\b/i],
  ['fix', /\b(bugs?|crash(es|ed)?|broken|fails?|failing|wrong(ly)?|regressions?|leaks?|does(n't| not))\b/i],
  ['perf', /\b(faster|slow|performance|latency)\b/i],
  ['build', /\b(dependency|dependencies|lockfile)\b/i],
];

/**
 * The commit that a goal in one sentence will likely be: what it says itself (`fix(cart): round`), else by its wording,
 * else a feature.
 */
export function guessCommit(sentence: string): Pick<PlanStep, 'type' | 'scope' | 'title'> {
  const [, type = '', scope, rest = ''] = writtenCommit.exec(sentence.trim()) ?? [];
  const known = commitTypes.find((each) => each === type.toLowerCase());
  if (known !== undefined && rest.trim() !== '')
    return { type: known, title: rest.trim(), ...(scope !== undefined && { scope }) };
  const title = sentence.trim();
  const [guess] = [...verbs, ...subjects].find(([, pattern]) => pattern.test(title)) ?? ['feat'];
  return { type: guess, title };
}
