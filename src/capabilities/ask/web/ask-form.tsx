import { Button, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../../contract/run.ts';
import { newKey, post } from '../../../web/api/client.ts';
import { ErrorPanel } from '../../../web/parts/error-panel.tsx';
import { Key } from '../../../web/parts/key.tsx';
import type { AskInput } from '../schema.ts';
import classes from './ask.module.css';
import { useModels } from '../../../web/models/model-queries.ts';
import { isScripted } from '../../../web/models/scripted.ts';
import { AgentNeeds } from '../../../web/start/agent-needs.tsx';

interface Draft {
  readonly repository: string | null;
  readonly ref: string;
  readonly question: string;
  readonly model: string | null;
  readonly budget: number | '';
}

const nothing: Draft = { repository: null, ref: '', question: '', model: null, budget: '' };

/** A question, a repository, and go. */
export default function AskForm() {
  const { t } = useTranslation('ask');
  return <AgentNeeds words={(key) => t(key)} Form={Fields} />;
}

function Fields({ names }: { names: readonly string[] }) {
  const { t } = useTranslation('ask');
  const navigate = useNavigate();
  const [draft, setDraft] = useState(nothing);
  const [isTried, setTried] = useState(false);
  const [key, setKey] = useState(newKey);
  const repository = draft.repository ?? (names.length === 1 ? names[0] : undefined);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (input: AskInput) =>
      post<RunSummary>('/runs', requestOf(input, draft), { idempotencyKey: key }),
    onSuccess: (run) => void navigate({ to: '/runs/$runId', params: { runId: run.id } }),
    onError: () => setKey(newKey()),
  });
  const missing =
    draft.question.trim() === ''
      ? t('form.noQuestion')
      : repository === undefined
        ? t('form.noRepository')
        : undefined;
  const start = () => {
    setTried(true);
    if (isPending || missing !== undefined || repository === undefined) return;
    const { ref, question, model } = draft;
    mutate({
      repository: { kind: 'connected', name: repository, ...(ref.trim() !== '' && { ref: ref.trim() }) },
      question,
      ...(model !== null && { model }),
    });
  };
  return (
    <>
      <div className={classes.form}>
        <Textarea
          variant="unstyled"
          classNames={{ input: classes.text ?? '' }}
          aria-label={t('form.question')}
          placeholder={t('form.placeholder')}
          value={draft.question}
          minRows={3}
          maxRows={14}
          maxLength={10_000}
          autosize
          onChange={({ currentTarget: { value } }) => setDraft((now) => ({ ...now, question: value }))}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) start();
          }}
        />
        {isTried && missing !== undefined && (
          <p className={classes.error} role="alert">
            {missing}
          </p>
        )}
        <div className={classes.foot}>
          <Choices draft={{ ...draft, repository: repository ?? null }} names={names} onChange={setDraft} />
          <Button
            className={classes.go ?? ''}
            loading={isPending}
            onClick={start}
            rightSection={<Key>{t('form.goKey')}</Key>}
          >
            {t('form.go')}
          </Button>
        </div>
      </div>
      {error && <ErrorPanel error={error} />}
    </>
  );
}

function requestOf(input: AskInput, { budget }: Draft) {
  return { capability: 'ask', input, ...(budget !== '' && { budget: { usd: budget } }) };
}

interface ChoicesProps {
  readonly draft: Draft;
  readonly names: readonly string[];
  readonly onChange: (change: (now: Draft) => Draft) => void;
}

/** Of what, by which model, for how much; all but the repository may be left out. */
function Choices({ draft, names, onChange }: ChoicesProps) {
  const { t } = useTranslation('ask');
  const models = useModels().data;
  const items = (models?.items ?? []).filter(({ model }) => !isScripted(model));
  const usual = models?.default;
  const set = (change: Partial<Draft>) => onChange((now) => ({ ...now, ...change }));
  return (
    <>
      <Select
        className={classes.repository ?? ''}
        aria-label={t('form.repository')}
        placeholder={t('form.choose')}
        nothingFoundMessage={t('form.noMatch')}
        searchable
        data={[...names]}
        value={draft.repository}
        onChange={(repository) => set({ repository })}
      />
      <TextInput
        className={classes.small ?? ''}
        aria-label={t('form.ref')}
        placeholder={t('form.refDefault')}
        maxLength={250}
        value={draft.ref}
        onChange={({ currentTarget: { value } }) => set({ ref: value })}
      />
      <Select
        className={classes.model ?? ''}
        aria-label={t('form.model')}
        placeholder={usual ? t('form.modelUsual', { model: usual }) : t('form.modelDefault')}
        clearable
        searchable
        data={items.map(({ model }) => model)}
        value={draft.model}
        onChange={(model) => set({ model })}
      />
      <NumberInput
        className={classes.small ?? ''}
        aria-label={t('form.budget')}
        title={t('form.budgetHint')}
        placeholder={t('form.budgetNone')}
        prefix="$"
        min={0.01}
        max={10_000}
        decimalScale={2}
        hideControls
        value={draft.budget}
        onChange={(value) => set({ budget: typeof value === 'number' ? value : '' })}
      />
    </>
  );
}
