import type { GoalSpec } from '../../schema.ts';

export const specLists = ['acceptance', 'outOfScope', 'assumptions', 'risks'] as const;
export type SpecList = (typeof specLists)[number];

export interface ListedText {
  readonly text: string;
  readonly change: 'new' | 'gone' | 'same';
}

/** A list of the goal, and what is gone of it since the version before, at its end; all is the same without one. */
export function listChanges(before: GoalSpec | null, now: GoalSpec, list: SpecList): ListedText[] {
  if (!before) return now[list].map((text) => ({ text, change: 'same' }));
  const [old, fresh] = [new Set(before[list]), new Set(now[list])];
  return [
    ...now[list].map((text): ListedText => ({ text, change: old.has(text) ? 'same' : 'new' })),
    ...before[list].filter((text) => !fresh.has(text)).map((text): ListedText => ({ text, change: 'gone' })),
  ];
}

/** How many lines of a goal came and went, and whether its summary reads differently. */
export function goalChange(
  before: GoalSpec,
  now: GoalSpec,
): { readonly fresh: number; readonly gone: number; readonly summary: boolean } {
  const all = specLists.flatMap((list) => listChanges(before, now, list));
  const count = (change: ListedText['change']) => all.filter((each) => each.change === change).length;
  return { fresh: count('new'), gone: count('gone'), summary: before.summary !== now.summary };
}
