import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BudgetRule } from '../../contract/budget.ts';
import { put } from '../api/client.ts';
import { useNames } from '../api/names.ts';
import type { Texts } from '../locales/texts.ts';
import { FormButtons } from '../parts/form-buttons.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { TextField } from '../parts/text-field.tsx';
import { toast } from '../parts/toast.ts';
import { useFields } from '../parts/use-fields.ts';
import { subjectWords } from './budget-words.ts';
import classes from './budgets.module.css';
import { readTokens, readUsd } from './read-amount.ts';
import { ScopeSelect, type Bounded } from './scope-select.tsx';

/** For whom, and how much money or how many tokens. */
export function BudgetForm({ rule, onDone }: { rule?: BudgetRule; onDone: () => void }) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const queries = useQueryClient();
  const [bounded, setBounded] = useState<Bounded>(rule ?? { scope: 'instance', subject: '' });
  const nameOf = useNames([bounded.scope === 'user' ? bounded.subject || null : null]);
  const { setForm, ...fields } = useFields(
    { usd: rule?.usd?.toString() ?? '', tokens: rule?.tokens?.toString() ?? '' },
    {
      usd: (text) => (readUsd(text) === undefined ? t('budgets:form.usdWrong') : undefined),
      tokens: (text) => (readTokens(text) === undefined ? t('budgets:form.tokensWrong') : undefined),
    },
    'usd',
  );
  const [empty, setEmpty] = useState(false);
  const save = useMutation({
    mutationFn: (bounds: { usd: number | null; tokens: number | null }) =>
      put<BudgetRule>('/budgets', { scope: bounded.scope, subject: bounded.subject, ...bounds }),
    onSuccess: async (saved) => {
      toast(t('budgets:form.done', { name: subjectWords(t, saved, nameOf) }));
      await queries.invalidateQueries({ queryKey: ['budgets'] });
      onDone();
    },
    onError: fields.refuse,
  });
  const submit = (typed: { usd: string; tokens: string }) => {
    const [usd, tokens] = [readUsd(typed.usd) ?? null, readTokens(typed.tokens) ?? null];
    setEmpty(usd === null && tokens === null);
    if (usd !== null || tokens !== null) save.mutate({ usd, tokens });
  };
  const usd = fields.bind('usd');
  return (
    <form ref={setForm} className={classes.form} noValidate onSubmit={fields.onSubmit(submit)}>
      {save.error && !fields.owns(save.error) && <ErrorPanel error={save.error} />}
      {!rule && <ScopeSelect bounded={bounded} onChange={setBounded} />}
      <TextField
        label={t('budgets:form.usd')}
        description={t('budgets:form.usdHint')}
        inputMode="decimal"
        autoComplete="off"
        leftSection={dollar}
        {...usd}
        error={usd.error ?? (empty ? t('budgets:form.nothing') : undefined)}
      />
      <TextField
        label={t('budgets:form.tokens')}
        description={t('budgets:form.tokensHint')}
        inputMode="numeric"
        autoComplete="off"
        {...fields.bind('tokens')}
      />
      <FormButtons
        submit={t('budgets:form.submit')}
        cancel={t('budgets:form.cancel')}
        busy={save.isPending}
        onCancel={onDone}
      />
    </form>
  );
}

const dollar = '$';
