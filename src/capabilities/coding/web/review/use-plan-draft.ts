import { useEffect, useReducer } from 'react';
import type { AskedQuestion } from '../../../../web/parts/question-panel.tsx';
import type { Plan } from '../../schema.ts';
import { draftKey, dropDraft, keepDraft, loadDraft } from './draft-store.ts';
import { changeDraft, isSamePlan } from './plan-draft.ts';

/** The plan as this person has edited it: kept in the browser until it is answered, also over a reload. */
export function usePlanDraft(asked: AskedQuestion, proposed: Plan) {
  const key = draftKey(asked);
  const [draft, act] = useReducer(changeDraft, undefined, () => loadDraft(sessionStorage, key, proposed));
  const isEdited = !isSamePlan(draft.steps, proposed.steps);
  const isEmpty = !isEdited && draft.comment === '';
  useEffect(() => {
    if (isEmpty) dropDraft(sessionStorage, key);
    else keepDraft(sessionStorage, key, draft);
  }, [key, draft, isEmpty]);
  return { draft, act, isEdited, drop: () => dropDraft(sessionStorage, key) };
}
