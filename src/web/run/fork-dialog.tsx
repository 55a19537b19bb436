import { Button, Group, Modal, Select } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { stepTitle } from '../../contract/event-text.ts';
import type { RunSummary } from '../../contract/run.ts';
import type { Step } from '../../contract/step.ts';
import { newKey, post } from '../api/client.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import classes from './fork-dialog.module.css';
import { forkable, keptBy } from './kept-by.ts';
import { useSteps } from './use-run.ts';

/** Asks from which step a fork does everything again, and says which it keeps. */
export function ForkDialog({ runId, from, onClose }: { runId: string; from?: number; onClose: () => void }) {
  const { t } = useTranslation('run');
  const steps = forkable(useSteps(runId).data ?? []);
  const end = (steps.at(-1)?.position ?? -1) + 1;
  const [chosen, setChosen] = useState(from);
  const [key] = useState(newKey);
  const at = chosen ?? steps[0]?.position ?? 0;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const fork = useMutation({
    mutationFn: () =>
      post<RunSummary>(`/runs/${runId}/fork`, { from: at }, { idempotencyKey: `${key}-${at}` }),
    onSuccess: (run) => {
      void queries.invalidateQueries({ queryKey: ['run', runId, 'relatives'] });
      onClose();
      void navigate({ to: '/runs/$runId', params: { runId: run.id } });
    },
  });
  const options = [
    ...steps.map((step) => ({ value: String(step.position), label: titleOf(step) })),
    { value: String(end), label: t('fork.end') },
  ];
  return (
    <Modal opened onClose={onClose} title={t('fork.title')} size={480}>
      <p className={classes.text}>{t('fork.text')}</p>
      {steps.length === 0 ? (
        <p className={classes.text}>{t('fork.noSteps')}</p>
      ) : (
        <>
          <Select
            data-autofocus
            label={t('fork.from')}
            data={options}
            value={String(at)}
            allowDeselect={false}
            onChange={(value) => value !== null && setChosen(Number(value))}
          />
          <Kept steps={steps} at={at} />
        </>
      )}
      {fork.error && <ErrorPanel error={fork.error} />}
      <Group mt="lg" justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          {t('cancel', { ns: 'parts' })}
        </Button>
        <Button loading={fork.isPending} disabled={steps.length === 0} onClick={() => fork.mutate()}>
          {t('fork.action')}
        </Button>
      </Group>
    </Modal>
  );
}

const titleOf = (step: Step) => stepTitle({ step: step.name.slice(0, 100), ordinal: step.ordinal });

function Kept({ steps, at }: { steps: readonly Step[]; at: number }) {
  const { t } = useTranslation('run');
  const kept = keptBy(steps, at);
  return (
    <ol className={classes.steps}>
      {kept.length === 0 && <li className={classes.none}>{t('fork.none')}</li>}
      {steps.map((step) => (
        <li key={step.position} data-kept={kept.includes(step) || undefined}>
          <bdi>{titleOf(step)}</bdi>
          <span>{t(kept.includes(step) ? 'fork.kept' : 'fork.again')}</span>
        </li>
      ))}
    </ol>
  );
}
