import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../contract/run.ts';
import { get } from '../api/client.ts';
import { useMe } from '../api/me.ts';
import { queryClient } from '../api/query-client.ts';
import { useNames } from '../api/names.ts';
import { onRunChange } from '../live/run-feed.ts';
import type { Texts } from '../locales/texts.ts';
import { Ago } from '../parts/ago.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { Status } from '../parts/status.tsx';
import { waitOf } from '../runs/run-words.ts';
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

function RunLines({ runs }: { runs: readonly RunSummary[] }) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const me = useMe();
  const nameOf = useNames(runs.map((run) => run.userId));
  return (
    <ul className={classes.list}>
      {runs.map((run) => {
        const wait = waitOf(run, me, t, nameOf);
        return (
          <li key={run.id}>
            <Link
              to="/runs/$runId"
              params={{ runId: run.id }}
              className={classes.row}
              data-waiting={wait.forPerson || undefined}
            >
              <span className={classes.status}>
                <Status
                  status={run.status}
                  waitsForPerson={wait.forPerson}
                  {...(wait.words && { words: wait.words })}
                />
              </span>
              <bdi className={classes.name}>{run.title.trim() === '' ? t('runs:untitled') : run.title}</bdi>
              <span className={classes.when}>
                <Ago at={run.createdAt} />
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
