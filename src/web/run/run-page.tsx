import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { NotFound } from '../shell/not-found.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { RunBody } from './run-body.tsx';
import { useFollower, useRun } from './use-run.ts';

/** One run, of whatever capability: what, who, when, what it does now, and what can be done with it. */
export default function RunPage() {
  const { runId = '' } = useParams({ strict: false });
  return <OneRun key={runId} runId={runId} />;
}

function OneRun({ runId }: { runId: string }) {
  const { t } = useTranslation('run');
  const { data: run, error, refetch } = useRun(runId);
  const follower = useFollower(runId);
  if (run) return <RunBody run={run} follower={follower} />;
  if (error instanceof ApiError && error.problem.status === 404) return <NotFound />;
  return (
    <Page title={t('crumb', { id: runId.slice(-6) })}>
      {error ? (
        <ErrorPanel error={error} title={t('failed')} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows />
      )}
    </Page>
  );
}
