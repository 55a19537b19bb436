import { Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Budget, BudgetChange, RunSummary } from '../../contract/run.ts';
import { patch } from '../api/client.ts';
import { readTokens, readUsd } from '../budgets/read-amount.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { FormButtons } from '../parts/form-buttons.tsx';
import { TextField } from '../parts/text-field.tsx';
import { toast } from '../parts/toast.ts';
import { useFields } from '../parts/use-fields.ts';
import { budgetChange, readMinutes } from './budget-change.ts';
import classes from './usage-card.module.css';

interface BudgetDialogProps {
  readonly runId: string;
  readonly budget: Budget | null;
  readonly onClose: () => void;
}

/** Sets what a run under way may use. */
export function BudgetDialog({ runId, budget, onClose }: BudgetDialogProps) {
  const { t } = useTranslation('run');
  const queries = useQueryClient();
  const [unchanged, setUnchanged] = useState(false);
  const minutes = budget?.wallMs === undefined ? '' : String(budget.wallMs / 60_000);
  const { setForm, ...fields } = useFields(
    { usd: budget?.usd?.toString() ?? '', tokens: budget?.tokens?.toString() ?? '', minutes },
    {
      usd: (text) => (readUsd(text) === undefined ? t('budget.usdWrong') : undefined),
      tokens: (text) => (readTokens(text) === undefined ? t('budget.tokensWrong') : undefined),
      minutes: (text) => (readMinutes(text) === undefined ? t('budget.minutesWrong') : undefined),
    },
    'usd',
  );
  const save = useMutation({
    mutationFn: (change: BudgetChange) => patch<RunSummary>(`/runs/${runId}`, { budget: change }),
    onSuccess: (now) => {
      queries.setQueryData(['run', runId], now);
      toast(t('budget.done'));
      onClose();
    },
    onError: fields.refuse,
  });
  const submit = (typed: { usd: string; tokens: string; minutes: string }) => {
    const change = budgetChange(budget, typed);
    setUnchanged(change === undefined);
    if (change) save.mutate(change);
  };
  const usd = fields.bind('usd');
  return (
    <Modal opened onClose={onClose} title={t('budget.title')} size={440}>
      <form ref={setForm} className={classes.form} noValidate onSubmit={fields.onSubmit(submit)}>
        {save.error && !fields.owns(save.error) && <ErrorPanel error={save.error} />}
        <TextField
          label={t('budget.usd')}
          description={t('budget.usdHint')}
          inputMode="decimal"
          autoComplete="off"
          leftSection={dollar}
          {...usd}
          error={usd.error ?? (unchanged ? t('budget.unchanged') : undefined)}
        />
        <TextField
          label={t('budget.tokens')}
          description={t('budget.tokensHint')}
          inputMode="numeric"
          autoComplete="off"
          {...fields.bind('tokens')}
        />
        <TextField
          label={t('budget.minutes')}
          description={t('budget.minutesHint')}
          inputMode="decimal"
          autoComplete="off"
          {...fields.bind('minutes')}
        />
        <FormButtons
          submit={t('budget.submit')}
          cancel={t('cancel', { ns: 'parts' })}
          busy={save.isPending}
          onCancel={onClose}
        />
      </form>
    </Modal>
  );
}

const dollar = '$';
