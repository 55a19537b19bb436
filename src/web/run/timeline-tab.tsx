import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { withSteps } from '../../contract/run-timeline.ts';
import type { Shown } from './shown.ts';
import { StepRow } from './step-row.tsx';
import classes from './timeline.module.css';
import { ToldRow } from './told-row.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';

/** What the run did, step by step, the latest first. */
export function TimelineTab({ run, moment, steps, nameOf }: Shown) {
  const { t } = useTranslation('run');
  const { view, loaded } = moment;
  const { version } = view;
  const entries = useMemo(
    () => withSteps(view.timeline, steps ?? []).toReversed(),
    // The timeline is changed in place; its version says when.
    // oxlint-disable-next-line react/exhaustive-deps
    [view, version, steps],
  );
  if (!loaded) return <SkeletonRows />;
  if (entries.length === 0) return <p className={classes.empty}>{t('timeline.empty')}</p>;
  return (
    <ol className={classes.list} aria-label={t('timeline.name')}>
      {entries.map((entry) =>
        entry.kind === 'step' ? (
          <StepRow key={entry.key} run={run} entry={entry} />
        ) : (
          <ToldRow key={entry.key} entry={entry} nameOf={nameOf} />
        ),
      )}
    </ol>
  );
}
