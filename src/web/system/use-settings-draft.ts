import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstanceSettingsView } from '../../contract/settings.ts';
import { ApiError, get, patch } from '../api/client.ts';
import { toast } from '../parts/toast.ts';
import { changesOf, mistakeIn, withTyped, type Draft } from './settings-draft.ts';
import { isSettingKey, type SettingKey } from './settings-fields.ts';

/** What was typed and not saved, and how it is saved. What somebody else saves meanwhile is never written over. */
export function useSettingsDraft(view: InstanceSettingsView, form: RefObject<HTMLFormElement | null>) {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>({});
  const [note, setNote] = useState('');
  const [left, setLeft] = useState<readonly SettingKey[]>([]);
  // The version that the draft was begun on, so that what others change in between is not taken for seen.
  const [base, setBase] = useState(view.version);
  const version = Object.keys(draft).length === 0 ? view.version : base;

  const accept = (next: InstanceSettingsView) => {
    client.setQueryData(['settings'], next);
    setBase(next.version);
    void client.invalidateQueries({ queryKey: ['settings-history'] });
    void client.invalidateQueries({ queryKey: ['notice'] });
  };
  const saving = useMutation({
    mutationFn: () =>
      patch<InstanceSettingsView>('/settings', {
        version,
        changes: changesOf(view, draft),
        ...(note.trim() !== '' && { note: note.trim() }),
      }),
    onSuccess: (next) => {
      accept(next);
      setDraft({});
      setNote('');
      toast(t('saved'));
    },
  });
  const refused = saving.error instanceof ApiError ? (saving.error.problem.problems ?? []) : [];
  const wrong = Object.entries(draft).find(
    ([key, typed]) =>
      isSettingKey(key) && typed !== null && typed !== undefined && mistakeIn(key, typed, view.bounds),
  )?.[0];

  return {
    draft,
    note,
    setNote,
    error: saving.error,
    busy: saving.isPending,
    count: Object.keys(draft).length,
    /** True for a field that was left, whose mistake may be told. */
    wasLeft: (key: SettingKey) => left.includes(key),
    refusal: (key: SettingKey) => refused.find(({ path }) => path.split('.').at(-1) === key)?.message,
    /** Somebody else has changed this setting since the draft was begun. */
    overtaken: (key: SettingKey) => key in draft && (view.changed[key]?.version ?? 0) > version,
    type: (key: SettingKey, typed: string | boolean | null) => {
      saving.reset();
      if (Object.keys(draft).length === 0) setBase(view.version);
      setDraft((before) => withTyped(view, before, key, typed));
    },
    leave: (key: SettingKey) => setLeft((before) => (before.includes(key) ? before : [...before, key])),
    discard: () => {
      setDraft({});
      setNote('');
      setLeft([]);
      saving.reset();
    },
    save: () => {
      if (wrong === undefined) return saving.mutate();
      setLeft(Object.keys(draft).filter(isSettingKey));
      form.current?.querySelector<HTMLElement>(`[name="${wrong}"]`)?.focus();
    },
    /** After a conflict: what holds now is loaded, and what was typed stays typed. */
    keepMine: async () => {
      const next = await client.fetchQuery({
        queryKey: ['settings'],
        queryFn: () => get<InstanceSettingsView>('/settings'),
        staleTime: 0,
      });
      accept(next);
      saving.reset();
    },
  };
}

export type SettingsDraft = ReturnType<typeof useSettingsDraft>;
