import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { Repository } from '../../contract/repository.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { Table } from '../parts/table.tsx';
import { useBranches } from './repository-queries.ts';
import classes from './repositories.module.css';

/** The branches, as the forge has them now; a repository that can't be reached isn't asked. */
export function BranchesCard({ repository: { name, status } }: { repository: Repository }) {
  const { t } = useTranslation('repositories');
  const reachable = status === 'ok' || status === 'empty';
  const { data, error, refetch } = useBranches(name, reachable);
  if (!reachable) return null;
  const count = data?.items.length ?? 0;
  return (
    <Card
      title={t('branches')}
      note={data && t(data.more ? 'branchesMore' : 'branchesNote', { count })}
      flush
    >
      {error && <ErrorPanel error={error} title={t('branchesFailed')} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={3} />}
      {data && count === 0 && <p className={classes.empty}>{t('noBranches')}</p>}
      {data && count > 0 && (
        <Table
          name={t('branches')}
          head={
            <tr>
              <th>{t('branch')}</th>
              <th data-number="">{t('commit')}</th>
            </tr>
          }
        >
          {data.items.map((branch) => (
            <tr key={branch.name}>
              <td className={classes.branch} title={inert(branch.name)}>
                <bdi>{inert(branch.name)}</bdi> {branch.isProtected && <Badge ml={4}>{t('protected')}</Badge>}
              </td>
              <td data-number="">{branch.commit.slice(0, 10)}</td>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  );
}
