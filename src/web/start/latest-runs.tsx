import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../contract/run.ts';
import { get } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { onRunChange } from '../live/run-feed.ts';
import type { Texts } from '../locales/texts.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { RunLines } from './run-lines.tsx';
import classes from './start-page.module.css';

const shown = 5;

/** The reader's own latest runs, or everybody's for a viewer; for a newcomer, what a run is. */
export function LatestRuns({ own }: { own: boolean }) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const { data, error, refetch } = useQuery({
    queryKey: ['start', 'latest', own],
    queryFn: ({ signal }) =>
      get<{ items: readonly RunSummary[] }>('/runs', { limit: shown, ...(own && { by: 'me' }) }, signal),
  });
  useEffect(() => {
    let timer: number | undefined;
    const stop = onRunChange(() => {
      timer ??= window.setTimeout(() => {
        timer = undefined;
        void queryClient.invalidateQueries({ queryKey: ['start'] });
      }, 1000);
    });
    return () => {
      window.clearTimeout(timer);
      stop();
    };
  }, []);
  const runs = data?.items;
  return (
    <section className={classes.section}>
      <div className={classes.heading}>
        <h2>{own ? t('start:latest') : t('start:latestAll')}</h2>
        {runs && runs.length > 0 && <Link to="/runs">{t('start:allRuns')}</Link>}
      </div>
      {runs === undefined && error === null && <SkeletonRows rows={shown} />}
      {runs === undefined && error !== null && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {runs?.length === 0 && (
        <div className={classes.list}>
          <EmptyState
            title={t('start:empty.title')}
            text={own ? t('start:empty.text') : t('start:empty.viewer')}
            {...(own && { command: t('start:ways.cliCommand') })}
          />
        </div>
      )}
      {runs !== undefined && runs.length > 0 && <RunLines runs={runs} />}
    </section>
  );
}
