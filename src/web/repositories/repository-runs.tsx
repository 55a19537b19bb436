import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { RunSummary } from '../../contract/run.ts';
import { Ago } from '../parts/ago.tsx';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { Status } from '../parts/status.tsx';
import { Table } from '../parts/table.tsx';
import { useRunsOn } from './repository-queries.ts';
import classes from './repositories.module.css';

export function RepositoryRuns({ name }: { name: string }) {
  const { t } = useTranslation('repositories');
  const { data, error, refetch } = useRunsOn(name);
  const runs = data?.items ?? [];
  const all = (
    <Link to="/runs" search={{ q: `repo:${name}` }}>
      {t('allRuns')}
    </Link>
  );
  return (
    <Card title={t('runs')} actions={runs.length > 0 ? all : undefined} flush>
      {error && !data && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={3} />}
      {data && runs.length === 0 && <p className={classes.empty}>{t('noRuns')}</p>}
      {runs.length > 0 && (
        <Table
          name={t('runs')}
          folds
          head={
            <tr>
              <th>{t('runState')}</th>
              <th>{t('runTitle')}</th>
              <th>{t('runWhen')}</th>
            </tr>
          }
        >
          {runs.map((run) => (
            <tr key={run.id}>
              <td>
                <Status status={run.status} />
              </td>
              <td className={classes.repository}>
                <RunTitle run={run} />
              </td>
              <td data-label={t('runWhen')}>
                <Ago at={run.createdAt} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  );
}

function RunTitle({ run }: { run: RunSummary }) {
  const { t } = useTranslation('runs');
  return (
    <div className={classes.name}>
      <Link to="/runs/$runId" params={{ runId: run.id }}>
        <bdi>{run.title.trim() === '' ? t('untitled') : inert(run.title)}</bdi>
      </Link>
    </div>
  );
}
