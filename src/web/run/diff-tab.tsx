import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../contract/run.ts';
import { webCapability } from '../capabilities.ts';
import { DiffView } from '../parts/diff-view.tsx';
import { NothingFound } from '../parts/empty-state.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { compareRuns } from './compare-runs.ts';
import classes from './diff-tab.module.css';
import { useWholeRun } from './use-run.ts';

/** The run beside the one that it retries or forks: what went in and what came out differently. */
export default function DiffTab({ run }: { run: RunSummary }) {
  const { t } = useTranslation(['run', 'parts']);
  const origin = useWholeRun(run.origin?.runId ?? run.id);
  const whole = useWholeRun(run.id);
  const textsOf = webCapability(run.capability)?.comparable;
  const files = useMemo(
    () => (origin.data && whole.data ? compareRuns(origin.data, whole.data, textsOf) : undefined),
    [origin.data, whole.data, textsOf],
  );
  if (origin.error) return <ErrorPanel error={origin.error} title={t('diff.gone')} />;
  if (whole.error) return <ErrorPanel error={whole.error} />;
  if (!files) return <SkeletonRows />;
  return (
    <>
      <p className={classes.note}>{t(`diff.compare.${run.origin?.kind ?? 'retry'}`)}</p>
      {files === 'too-large' ? (
        <NothingFound title={t('parts:diff.tooLarge')} />
      ) : files.length === 0 ? (
        <NothingFound title={t('diff.same')} />
      ) : (
        <DiffView files={files} />
      )}
    </>
  );
}
