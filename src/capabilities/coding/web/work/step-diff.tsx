import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorPanel } from '../../../../web/parts/error-panel.tsx';
import { SkeletonRows } from '../../../../web/parts/skeleton-rows.tsx';
import { usePatch } from './patch-query.ts';
import classes from './work.module.css';

const PatchView = lazy(() => import('../../../../web/parts/patch-view.tsx'));

/** What a step changed, fetched when somebody wants to see it. */
export function StepDiff({ runId, fileId }: { runId: string; fileId: string }) {
  const { t } = useTranslation('codingWork');
  const [open, setOpen] = useState(false);
  return (
    <div>
      <Button variant="default" size="compact-sm" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t(open ? 'step.hideDiff' : 'step.diff')}
      </Button>
      {open && <Diff runId={runId} fileId={fileId} />}
    </div>
  );
}

function Diff({ runId, fileId }: { runId: string; fileId: string }) {
  const { t } = useTranslation('codingWork');
  const { data: files, error, refetch } = usePatch(runId, fileId);
  if (error) return <ErrorPanel error={error} title={t('step.diffGone')} onRetry={() => void refetch()} />;
  if (!files) return <SkeletonRows rows={4} />;
  if (files.length === 0) return <p className={classes.note}>{t('step.diffEmpty')}</p>;
  return (
    <div className={classes.diff}>
      <Suspense fallback={<SkeletonRows rows={4} />}>
        <PatchView key={fileId} files={files} keptAs={runId} />
      </Suspense>
    </div>
  );
}
