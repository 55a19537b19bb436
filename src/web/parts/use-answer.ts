import { useMutation } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer, AnswerMessage } from '../../contract/question.ts';
import { ApiError, newKey, post } from '../api/client.ts';
import type { AskedQuestion } from './question-panel.tsx';
import { obstacle } from './question-rules.ts';
import { toast } from './toast.ts';

const decided = new Set(['CONFLICT', 'RUN_FINISHED', 'NOT_FOUND']);

/** The state of answering one question: what is written, what is being sent, what stands in the way. */
export function useAnswer({ runId, signal, ordinal }: AskedQuestion, onChanged: () => void) {
  const { t } = useTranslation('question');
  const [comment, setComment] = useState('');
  const [hint, setHint] = useState<string | undefined>();
  const [refusing, setRefusing] = useState<Answer | null>(null);
  const [field, setField] = useState<HTMLTextAreaElement | null>(null);
  const { mutateAsync, error, isPending, variables } = useMutation({
    mutationFn: (answer: Answer) => {
      const payload: AnswerMessage = { answer: answer.value, comment, ordinal };
      return post<void>(`/runs/${runId}/signals`, { name: signal, payload }, { idempotencyKey: newKey() });
    },
    onSuccess: (_nothing, { label }) => {
      toast(t('done', { label }));
      onChanged();
    },
    onError: (refused) => {
      if (refused instanceof ApiError && decided.has(refused.code)) onChanged();
    },
  });
  const choose = useCallback(
    (answer: Answer) => {
      const missing = obstacle(answer, comment);
      setHint(missing === null ? undefined : t(missing, { label: answer.label }));
      if (missing !== null) field?.focus();
      else if (answer.tone === 'refuse') setRefusing(answer);
      else mutateAsync(answer).catch(() => undefined);
    },
    [mutateAsync, comment, field, t],
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
      setHint(undefined);
    },
    goBack: () => setRefusing(null),
    refuse: async () => {
      if (refusing) await mutateAsync(refusing);
    },
  };
}
