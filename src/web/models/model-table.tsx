import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ModelEntry, ModelTest } from '../../contract/model.ts';
import { post } from '../api/client.ts';
import { useMay } from '../api/me.ts';
import { ActionsHead } from '../parts/actions-head.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Table } from '../parts/table.tsx';
import { ModelRow } from './model-row.tsx';
import { TestResult } from './test-result.tsx';
import { useDefaultModel } from './use-default-model.ts';

const numbers = ['price', 'calls', 'tokens', 'cost', 'latency'] as const;

/** The models with what they cost and did; admins ask one for a word, or make it the default. */
export function ModelTable({ models }: { models: readonly ModelEntry[] }) {
  const { t } = useTranslation('models');
  const isAdmin = useMay('admin');
  const queries = useQueryClient();
  const choose = useDefaultModel();
  const test = useMutation({
    mutationFn: (model: string) => post<ModelTest>('/models/test', { model }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['models'] }),
  });
  const head = (
    <tr>
      <th>{t('list.model')}</th>
      {numbers.map((name) => (
        <th key={name} data-number="">
          {t(`list.${name}`)}
        </th>
      ))}
      <th>{t('list.used')}</th>
      {isAdmin && <ActionsHead name={t('list.actions')} />}
    </tr>
  );
  return (
    <>
      {test.error && <ErrorPanel error={test.error} />}
      {choose.error && <ErrorPanel error={choose.error} />}
      {test.data && <TestResult result={test.data} onClose={test.reset} />}
      <Table name={t('list.title')} head={head} folds>
        {models.map((entry) => (
          <ModelRow
            key={entry.model}
            entry={entry}
            testing={test.isPending && test.variables === entry.model}
            choosing={choose.isPending && choose.variables === entry.model}
            {...(isAdmin &&
              !entry.model.startsWith('scripted') && {
                onTest: () => test.mutate(entry.model),
                onUse: () => choose.mutate(entry.model),
              })}
          />
        ))}
      </Table>
    </>
  );
}
