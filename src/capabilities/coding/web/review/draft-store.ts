import { draftOf, isSamePlan, type PlanDraft } from './plan-draft.ts';
import { readPlan } from '../../read-state.ts';
import type { Plan } from '../../schema.ts';

/** Where drafts are kept: the browser's session storage, which a reload survives and nobody else sees. */
export type DraftPlace = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Of one asking: a later question begins anew. */
export function draftKey(asked: { runId: string; signal: string; ordinal: number }): string {
  return `gantry-plan:${asked.runId}:${asked.signal}:${asked.ordinal}`;
}

/** What was kept, or the plan as it is proposed: also when what was kept can't be read. */
export function loadDraft(place: DraftPlace, key: string, proposed: Plan): PlanDraft {
  const fresh = draftOf(proposed);
  try {
    const kept = JSON.parse(place.getItem(key) ?? 'null') as Partial<PlanDraft> | null;
    const steps = Array.isArray(kept?.steps) ? readPlan(kept)?.steps : undefined;
    if (steps === undefined || steps.length !== kept?.steps?.length) return fresh;
    const comment = typeof kept.comment === 'string' ? kept.comment : '';
    // One way back is kept: to what was proposed.
    return { steps, past: isSamePlan(steps, fresh.steps) ? [] : [fresh.steps], under: null, comment };
  } catch {
    return fresh;
  }
}

/** Keeps it; without room, or where the browser keeps nothing, it lives as long as the page. */
export function keepDraft(place: DraftPlace, key: string, { steps, comment }: PlanDraft): void {
  try {
    place.setItem(key, JSON.stringify({ steps, comment }));
  } catch {
    dropDraft(place, key);
  }
}

export function dropDraft(place: DraftPlace, key: string): void {
  try {
    place.removeItem(key);
  } catch {
    // Storage that refuses has kept nothing.
  }
}
