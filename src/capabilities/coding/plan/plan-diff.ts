import type { Plan, PlanStep } from '../schema.ts';

export interface PlanChange {
  /** As it is in the later plan; for one that was removed, as it was. */
  readonly step: PlanStep;
  readonly change: 'new' | 'changed' | 'removed' | 'moved' | 'same';
  /** As it was, where it was there before. */
  readonly before?: PlanStep;
  /** What is different, for one that was changed. */
  readonly fields?: readonly (keyof PlanStep)[];
  /** It stands elsewhere among those that both plans have. */
  readonly moved?: boolean;
}

const fields = [
  'title',
  'description',
  'type',
  'scope',
  'files',
  'dependsOn',
  'acceptance',
  'size',
] as const satisfies readonly (keyof PlanStep)[];

/**
 * What became of each step, in the order of the later plan; those that were removed stand behind the step that they came
 * after. Steps are told apart by their ids. Without an earlier plan all are new.
 */
export function planDiff(before: Plan | null | undefined, after: Plan): PlanChange[] {
  const earlier = before?.steps ?? [];
  const old = new Map(earlier.map((step) => [step.id, step]));
  const kept = new Set(after.steps.map(({ id }) => id));
  const unmoved = longestInOrder(
    earlier.map(({ id }) => id).filter((id) => kept.has(id)),
    after.steps.map(({ id }) => id).filter((id) => old.has(id)),
  );
  const removedBehind = (id: string | null) => removedAfter(earlier, kept, id);
  return [
    ...removedBehind(null),
    ...after.steps.flatMap((step) => [
      changeOf(old.get(step.id), step, unmoved.has(step.id)),
      ...removedBehind(step.id),
    ]),
  ];
}

function changeOf(before: PlanStep | undefined, step: PlanStep, stayed: boolean): PlanChange {
  if (!before) return { step, change: 'new' };
  const different = fields.filter((field) => !isSame(before[field], step[field]));
  const moved = stayed ? {} : { moved: true };
  if (different.length > 0) return { step, change: 'changed', before, fields: different, ...moved };
  return { step, change: stayed ? 'same' : 'moved', before, ...moved };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Those that were removed and came directly behind this step, or at the beginning. */
function removedAfter(
  earlier: readonly PlanStep[],
  kept: ReadonlySet<string>,
  id: string | null,
): PlanChange[] {
  const from = id === null ? 0 : earlier.findIndex((step) => step.id === id) + 1;
  if (id !== null && from === 0) return [];
  const rest = earlier.slice(from);
  const end = rest.findIndex((step) => kept.has(step.id));
  const removed = end < 0 ? rest : rest.slice(0, end);
  return removed.map((step) => ({ step, change: 'removed', before: step }));
}

/** The most ids that stand in the same order in both lists: all others were moved. */
function longestInOrder(before: readonly string[], after: readonly string[]): Set<string> {
  const place = new Map(before.map((id, index) => [id, index]));
  const best: { readonly at: number; readonly ids: readonly string[] }[] = [];
  for (const id of after) {
    const at = place.get(id) ?? 0;
    const fitting = best.filter((each) => each.at < at);
    const longest = fitting.reduce<readonly string[]>(
      (most, { ids }) => (ids.length > most.length ? ids : most),
      [],
    );
    best.push({ at, ids: [...longest, id] });
  }
  return new Set(
    best.reduce<readonly string[]>((most, { ids }) => (ids.length > most.length ? ids : most), []),
  );
}
