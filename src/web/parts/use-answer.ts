import { useMutation } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer, AnswerMessage } from '../../contract/question.ts';
import { ApiError, newKey, post } from '../api/client.ts';
import type { AskedQuestion } from './question-panel.tsx';
import { keptComment } from './kept-comment.ts';
import { obstacle } from './question-rules.ts';
import { toast } from './toast.ts';

const decided = new Set(['CONFLICT', 'RUN_FINISHED', 'NOT_FOUND']);

/** What a capability's form keeps of an answer that is on its way. Memoise it. */
export interface AnswerDraft {
  /** What was written before, and where it is kept. */
  readonly comment?: string;
  readonly write?: (comment: string) => void;
  /** What goes along with an answer that takes data; undefined when there is nothing to say. */
  readonly dataOf?: (answer: Answer) => AnswerMessage['data'];
  /** Why this answer can't be given as things stand, in words. */
  readonly obstacleOf?: (answer: Answer) => string | undefined;
  /** An answer was taken. */
  readonly done?: () => void;
}

/** The state of answering one question: what is written, what is being sent, what stands in the way. */
export function useAnswer(asked: AskedQuestion, onChanged: () => void, given?: AnswerDraft) {
  const { t } = useTranslation('question');
  const { runId, signal, ordinal } = asked;
  const draft = useMemo<AnswerDraft>(
    () => given ?? keptComment(() => sessionStorage, { runId, signal, ordinal }),
    [given, runId, signal, ordinal],
  );
  const [comment, setComment] = useState(draft.comment ?? '');
  const [hint, setHint] = useState<string | undefined>();
  const [refusing, setRefusing] = useState<Answer | null>(null);
  const [field, setField] = useState<HTMLTextAreaElement | null>(null);
  const { mutateAsync, error, isPending, variables } = useMutation({
    mutationFn: (answer: Answer) => {
      const data = answer.takesData ? draft.dataOf?.(answer) : undefined;
      const payload: AnswerMessage = {
        ...{ answer: answer.value, comment, ordinal },
        ...(data !== undefined && { data }),
      };
      return post<void>(`/runs/${runId}/signals`, { name: signal, payload }, { idempotencyKey: newKey() });
    },
    onSuccess: (_nothing, { label }) => {
      toast(t('done', { label }));
      draft.done?.();
      onChanged();
    },
    onError: (refused) => {
      if (refused instanceof ApiError && decided.has(refused.code)) onChanged();
    },
  });
  const choose = useCallback(
    (answer: Answer) => {
      const missing = obstacle(answer, comment);
      const reason = missing === null ? draft.obstacleOf?.(answer) : t(missing, { label: answer.label });
      setHint(reason);
      if (reason !== undefined) field?.focus();
      else if (answer.tone === 'refuse') setRefusing(answer);
      else mutateAsync(answer).catch(() => undefined);
    },
    [mutateAsync, comment, field, draft, t],
  );
  return {
    setField,
    comment,
    hint,
    error,
    sending: isPending ? variables.value : null,
    refusing,
    choose,
    write: (text: string) => {
      setComment(text);
      draft.write?.(text);
      setHint(undefined);
    },
    goBack: () => setRefusing(null),
    refuse: async () => {
      if (refusing) await mutateAsync(refusing);
    },
  };
}
