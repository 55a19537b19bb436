import type { DebateRound, GoalSpec } from '../schema.ts';

type Critique = NonNullable<DebateRound['critique']>;
type Judgement = NonNullable<DebateRound['judgement']>;

/** A specification as agents and people read it. */
export function specWords(spec: GoalSpec): string {
  return [spec.summary, list('Acceptance', spec.acceptance), restWords(spec)].filter(Boolean).join('\n\n');
}

/** What it says besides summary and acceptance. */
export function restWords({ outOfScope, assumptions, risks }: GoalSpec): string {
  const lists = [list('Assumptions', assumptions), list('Out of scope', outOfScope), list('Risks', risks)];
  return lists.filter(Boolean).join('\n\n');
}

export function critiqueWords(critique: Critique | null): string {
  if (critique === null) return 'The critic came to nothing.';
  const points = critique.points.map(({ severity, text }) => `${severity}: ${text}`);
  return [critique.summary, list('Points', points) || 'No points.'].filter(Boolean).join('\n\n');
}

export function judgementWords({ verdict, reason, instructions }: Judgement): string {
  return [`Verdict: ${verdict}. ${reason}`, list('To change', instructions)].filter(Boolean).join('\n\n');
}

/** Empty where there is nothing to list. */
export function list(title: string, entries: readonly string[]): string {
  return entries.length === 0 ? '' : [`${title}:`, ...entries.map((each) => `- ${each}`)].join('\n');
}
