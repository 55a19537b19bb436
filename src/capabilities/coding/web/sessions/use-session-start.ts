import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../../../contract/run.ts';
import { ApiError, newKey, post } from '../../../../web/api/client.ts';
import {
  noSession,
  refusedFields,
  requestOf,
  type SessionDraft,
  type SessionField,
} from './session-draft.ts';

type Errors = Partial<Record<SessionField, string>>;

const order: readonly SessionField[] = ['goal', 'repository', 'base', 'model', 'budget'];

/** The state of the form that starts a session. `names` are the connected repositories. */
export function useSessionStart(names: readonly string[]) {
  const { t } = useTranslation('sessions');
  const navigate = useNavigate();
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(noSession);
  const [errors, setErrors] = useState<Errors>({});
  const [key, setKey] = useState(newKey);
  const repository = draft.repository ?? (names.length === 1 ? (names[0] ?? null) : null);
  const show = (found: Errors) => {
    setErrors(found);
    const first = order.find((field) => found[field] !== undefined);
    form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  };
  const { mutate, isPending, error } = useMutation({
    mutationFn: (repo: string) =>
      post<RunSummary>('/sessions', requestOf(draft, repo), { idempotencyKey: key }),
    onSuccess: (run) => void navigate({ to: '/runs/$runId', params: { runId: run.id } }),
    onError: (refused) => {
      setKey(newKey());
      show(refused instanceof ApiError ? refusedFields(refused.problem.problems ?? []) : {});
    },
  });
  const start = () => {
    const missing: Errors = {
      ...(draft.goal.trim() === '' && { goal: t('form.noGoal') }),
      ...(repository === null && { repository: t('form.noRepository') }),
    };
    show(missing);
    if (!isPending && Object.keys(missing).length === 0 && repository !== null) mutate(repository);
  };
  return {
    form,
    draft: { ...draft, repository },
    errors,
    set: (change: Partial<SessionDraft>) => {
      setDraft((now) => ({ ...now, ...change }));
      setErrors({});
    },
    start,
    isPending,
    // Shown at its field when it is about one.
    error: Object.keys(errors).length > 0 ? null : error,
  };
}
