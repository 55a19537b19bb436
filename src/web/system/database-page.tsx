import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { DatabaseView } from '../../contract/system.ts';
import { get } from '../api/client.ts';
import { formatBytes } from '../../base/format-bytes.ts';
import { Ago } from '../parts/ago.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import classes from './overview.module.css';
import { RetentionCard } from './retention-card.tsx';
import { SystemLayout } from './system-layout.tsx';
import { TablesCard } from './tables-card.tsx';

/** What the database holds, how it stands, and what is deleted next. */
export default function DatabasePage() {
  const { t } = useTranslation('system');
  const { data, error, refetch } = useQuery({
    queryKey: ['system', 'database'],
    queryFn: ({ signal }) => get<DatabaseView>('/system/database', undefined, signal),
    refetchInterval: 15_000,
  });
  return (
    <SystemLayout
      title={t('database.title')}
      lead={
        data && (
          <>
            <span>{t(`database.${data.kind}`, { version: data.version })}</span>
            <span>
              {t('database.migrations', {
                ...data.migrations,
                latest: data.migrations.latest ?? '–',
              })}
            </span>
          </>
        )
      }
    >
      {error && !data && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={8} />}
      {data && (
        <>
          <Figures database={data} />
          <RetentionCard retention={data.retention} />
          <TablesCard tables={data.tables} all={data.bytes} />
        </>
      )}
    </SystemLayout>
  );
}

function Figures({ database }: { database: DatabaseView }) {
  const { t } = useTranslation('system');
  const { bytes, connections, oldestRun, lastBackup } = database;
  return (
    <div className={classes.figures}>
      <section className={classes.figure}>
        <h2>{t('database.size')}</h2>
        <p className={classes.value}>
          <strong>{formatBytes(bytes)}</strong>
        </p>
      </section>
      <section className={classes.figure}>
        <h2>{t('database.connections')}</h2>
        <p className={classes.value}>
          <strong>{t('database.connectionsText', connections)}</strong>{' '}
          <span>{t('database.connectionsNote', { count: connections.own })}</span>
        </p>
      </section>
      <section className={classes.figure}>
        <h2>{t('database.oldest')}</h2>
        <p className={classes.value}>
          <strong>{oldestRun ? <Ago at={oldestRun} /> : t('database.noRuns')}</strong>
        </p>
      </section>
      <section className={classes.figure}>
        <h2>{t('database.backup')}</h2>
        <p className={classes.value}>
          <strong>{lastBackup ? <Ago at={lastBackup.at} /> : t('database.noBackup')}</strong>{' '}
          <span>{lastBackup ? formatBytes(lastBackup.bytes) : t('database.noBackupNote')}</span>
        </p>
      </section>
    </div>
  );
}
