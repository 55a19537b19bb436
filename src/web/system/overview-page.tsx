import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { DeadLettersCard } from './dead-letters-card.tsx';
import { FigureCards } from './figure-cards.tsx';
import { Findings } from './findings.tsx';
import { HealthLead } from './health-lead.tsx';
import classes from './overview.module.css';
import { QueuesCard } from './queues-card.tsx';
import { SystemLayout } from './system-layout.tsx';
import { useOverview } from './use-system.ts';
import { WorkersCard } from './workers-card.tsx';

/** How the house stands: one sentence, then figures, workers, queues and dead letters. */
export default function OverviewPage() {
  const { t } = useTranslation('system');
  const { data, error, refetch, dataUpdatedAt, isError } = useOverview();
  return (
    <SystemLayout
      title={t('title')}
      lead={data && <HealthLead overview={data} broken={isError} at={new Date(dataUpdatedAt)} />}
      actions={
        <Button variant="default" component={Link} to="/system/doctor">
          {t('runDoctor')}
        </Button>
      }
    >
      {error && !data && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={8} />}
      {data && (
        <>
          <Findings findings={data.findings} />
          <FigureCards overview={data} />
          <div className={classes.pair}>
            <WorkersCard />
            <QueuesCard />
          </div>
          <DeadLettersCard dead={data.dead} retentionDays={data.retentionDays} />
        </>
      )}
    </SystemLayout>
  );
}
