import { useTranslation } from 'react-i18next';
import type { Repository } from '../../contract/repository.ts';
import { ActionsHead } from '../parts/actions-head.tsx';
import { Table } from '../parts/table.tsx';
import { RepositoryRow } from './repository-row.tsx';

export function RepositoryTable({ repositories }: { repositories: readonly Repository[] }) {
  const { t } = useTranslation('repositories');
  const head = (
    <tr>
      <th>{t('name')}</th>
      <th>{t('state')}</th>
      <th>{t('access')}</th>
      <th>{t('branch')}</th>
      <th>{t('checked')}</th>
      <ActionsHead name={t('actions')} />
    </tr>
  );
  return (
    <Table name={t('title')} head={head} folds>
      {repositories.map((repository) => (
        <RepositoryRow key={repository.id} repository={repository} />
      ))}
    </Table>
  );
}
