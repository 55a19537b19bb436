import { useTranslation } from 'react-i18next';
import { ErrorPanel } from '../../../web/parts/error-panel.tsx';
import { SkeletonRows } from '../../../web/parts/skeleton-rows.tsx';
import { RunLines } from '../../../web/start/run-lines.tsx';
import classes from './ask.module.css';
import { useLatestQuestions } from './queries.ts';

/** What was asked last. */
export function LatestQuestions() {
  const { t } = useTranslation('ask');
  const { data, error, refetch } = useLatestQuestions();
  return (
    <section className={classes.latest}>
      <h2>{t('latest')}</h2>
      {data === undefined &&
        (error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <SkeletonRows rows={3} />)}
      {data?.items.length === 0 && <p className={classes.note}>{t('latestNone')}</p>}
      {data !== undefined && data.items.length > 0 && <RunLines runs={data.items} />}
    </section>
  );
}
