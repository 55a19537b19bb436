import { useTranslation } from 'react-i18next';
import { isTerminal } from '../../../../contract/run-status.ts';
import { SkeletonRows } from '../../../../web/parts/skeleton-rows.tsx';
import type { Shown } from '../../../../web/run/shown.ts';
import { useWholeRun } from '../../../../web/run/use-run.ts';
import { Baseline } from './baseline.tsx';
import { CommitTimeline } from './commit-timeline.tsx';
import { DoingLine } from './doing-line.tsx';
import { doingsOf, stepOfDoing } from './doings.ts';
import { FollowUpRows } from './follow-up-rows.tsx';
import { StepList } from './step-list.tsx';
import { useWork } from './use-work.ts';
import { WorkGraph } from './work-graph.tsx';
import { failedBefore, retriesOf } from './work-view.ts';
import classes from './work.module.css';

/** What a session does, live: its steps and how far each is, what happens now, its commits, and what follows. */
export default function WorkTab({ run, moment, steps: recorded }: Shown) {
  const { t } = useTranslation('codingWork');
  const { session, steps } = useWork(moment);
  const retries = retriesOf(useWholeRun(run.id).data?.input);
  if (!moment.loaded) return <SkeletonRows />;
  const doings = doingsOf(moment.view);
  const commits = session.branch?.commits ?? [];
  const isOver = isTerminal(moment.view.status);
  const placeOf = (id: string | null) => {
    const position = steps.find((step) => step.id === id)?.position;
    return position === undefined ? undefined : t('ofStep', { number: position });
  };
  const waitsFor = isOver
    ? 'over'
    : session.goal === null
      ? 'begin'
      : session.plan === null
        ? 'goal'
        : 'plan';
  return (
    <div className={classes.work}>
      {doings.length > 0 && (
        <ul className={classes.doings} aria-label={t('now.name')}>
          {doings.map((doing) => (
            <DoingLine key={doing.key} doing={doing} place={placeOf(stepOfDoing(doing))} />
          ))}
        </ul>
      )}
      <Baseline checks={failedBefore(session)} />
      {steps.length === 0 ? (
        <p className={classes.nothing}>{t(`nothing.${waitsFor}`)}</p>
      ) : (
        <>
          {steps.length > 1 && <WorkGraph steps={steps} />}
          <StepList {...{ run, steps, retries, recorded: recorded ?? [], doings }} />
        </>
      )}
      {commits.length > 0 && <CommitTimeline commits={commits} steps={steps} />}
      {session.followUp && <FollowUpRows followUp={session.followUp} />}
    </div>
  );
}
