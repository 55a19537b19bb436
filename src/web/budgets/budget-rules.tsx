import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { BudgetRule } from '../../contract/budget.ts';
import { queryText, remove } from '../api/client.ts';
import { useNames } from '../api/names.ts';
import type { Texts } from '../locales/texts.ts';
import { ActionsHead } from '../parts/actions-head.tsx';
import { Ago } from '../parts/ago.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Table } from '../parts/table.tsx';
import { toast } from '../parts/toast.ts';
import { boundWords, subjectWords } from './budget-words.ts';
import classes from './budgets.module.css';

interface BudgetRulesProps {
  readonly rules: readonly BudgetRule[];
  /** Without it they are only shown. */
  readonly onEdit?: (rule: BudgetRule) => void;
}

export function BudgetRules({ rules, onEdit }: BudgetRulesProps) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const queries = useQueryClient();
  const [asked, setAsked] = useState<BudgetRule>();
  const nameOf = useNames(
    rules.filter(({ scope }) => scope === 'user').map(({ subject }) => subject || null),
  );
  const wordsOf = (rule: BudgetRule) => inert(subjectWords(t, rule, nameOf));
  const confirm = async (rule: BudgetRule) => {
    await remove(`/budgets${queryText({ scope: rule.scope, subject: rule.subject })}`);
    toast(t('budgets:removed', { name: wordsOf(rule) }));
    await queries.invalidateQueries({ queryKey: ['budgets'] });
  };
  const head = (
    <tr>
      <th>{t('budgets:what')}</th>
      <th>{t('budgets:limit')}</th>
      <th>{t('budgets:changed')}</th>
      <ActionsHead name={t('budgets:actions')} />
    </tr>
  );
  return (
    <>
      <Table name={t('budgets:rules')} head={head} folds>
        {rules.map((rule) => {
          const name = wordsOf(rule);
          return (
            <tr key={`${rule.scope} ${rule.subject}`}>
              <td className={classes.subject} title={name}>
                <bdi>{name}</bdi>
              </td>
              <td>{boundWords(t, rule)}</td>
              <td data-label={t('budgets:changed')}>
                <Ago at={rule.updatedAt} />
              </td>
              <td data-actions="">
                {onEdit && <Acts name={name} onEdit={() => onEdit(rule)} onRemove={() => setAsked(rule)} />}
              </td>
            </tr>
          );
        })}
      </Table>
      {asked && (
        <Confirm
          opened
          onClose={() => setAsked(undefined)}
          title={t('budgets:removeTitle', { name: wordsOf(asked) })}
          text={t('budgets:removeText')}
          action={t('budgets:remove')}
          keep={t('budgets:removeKeep')}
          onConfirm={() => confirm(asked)}
        />
      )}
    </>
  );
}

function Acts({ name, onEdit, onRemove }: { name: string; onEdit: () => void; onRemove: () => void }) {
  const { t } = useTranslation('budgets');
  return (
    <span className={classes.acts}>
      <Button size="compact-sm" variant="default" aria-label={t('editOf', { name })} onClick={onEdit}>
        {t('edit')}
      </Button>
      <Button
        size="compact-sm"
        variant="subtle"
        color="bad"
        aria-label={t('removeOf', { name })}
        onClick={onRemove}
      >
        {t('remove')}
      </Button>
    </span>
  );
}
