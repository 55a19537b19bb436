import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../contract/run.ts';
import { isTerminal } from '../../contract/run-status.ts';
import { webCapability } from '../capabilities.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { JsonView } from './json-view.tsx';
import classes from './result-tab.module.css';
import { useWholeRun } from './use-run.ts';

/** What came of the run: its capability's own part, or its output as it is. */
export function ResultTab({ runId }: { runId: string }) {
  const { data: run, error, refetch } = useWholeRun(runId);
  if (run) return <Result run={run} />;
  return error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <SkeletonRows />;
}

function Result({ run }: { run: Run }) {
  const { t } = useTranslation('run');
  const RunResult = webCapability(run.capability)?.RunResult;
  return (
    <div className={classes.result}>
      {run.error !== null && (
        <section className={classes.error}>
          <h2>{t('result.error')}</h2>
          <p>
            <code>{run.error.code}</code> <bdi>{run.error.message.slice(0, 5000)}</bdi>
          </p>
          <p className={classes.note}>{t('result.retryHint')}</p>
        </section>
      )}
      {RunResult ? (
        <Suspense fallback={<SkeletonRows />}>
          <RunResult run={run} />
        </Suspense>
      ) : (
        <Plain run={run} />
      )}
    </div>
  );
}

function Plain({ run }: { run: Run }) {
  const { t } = useTranslation('run');
  return (
    <>
      {run.output === null && run.error === null && (
        <p className={classes.note}>
          {t(
            run.status === 'cancelled'
              ? 'result.cancelled'
              : isTerminal(run.status)
                ? 'timeline.nothing'
                : 'result.none',
          )}
        </p>
      )}
      {run.output !== null && (
        <section>
          <h2>{t('result.output')}</h2>
          <JsonView value={run.output} name={t('result.output')} />
        </section>
      )}
      <section>
        <h2>{t('result.input')}</h2>
        <JsonView value={run.input} name={t('result.input')} />
      </section>
    </>
  );
}
