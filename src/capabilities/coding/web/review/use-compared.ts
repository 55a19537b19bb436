import { useMemo, useState } from 'react';
import { planDiff, type PlanChange } from '../../plan/plan-diff.ts';
import type { PlanState, PlanStep } from '../../schema.ts';

export interface Compared {
  /** With which version; undefined when there is none to compare with. */
  readonly with: number | undefined;
  readonly versions: readonly number[];
  readonly choose: (version: number) => void;
  /** Empty when there is nothing to compare with. */
  readonly changes: readonly PlanChange[];
}

/** What is different from an earlier version, or, once it is edited, from the proposal; the reader may choose another. */
export function useCompared(plan: PlanState, steps: readonly PlanStep[], isEdited: boolean): Compared {
  const [chosen, choose] = useState<number | undefined>();
  const earlier = isEdited ? plan.iterations : plan.iterations.slice(0, -1);
  const versions = earlier.map(({ iteration }) => iteration);
  const version = chosen !== undefined && versions.includes(chosen) ? chosen : versions.at(-1);
  const base = earlier.find(({ iteration }) => iteration === version);
  const changes = useMemo(() => (base ? planDiff(base, { steps: [...steps] }) : []), [base, steps]);
  return { with: version, versions, choose, changes };
}
