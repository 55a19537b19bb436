import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { RunSummary } from '../../contract/run.ts';
import { useMe } from '../api/me.ts';
import { useNames } from '../api/names.ts';
import { webCapability } from '../capabilities.ts';
import type { Texts } from '../locales/texts.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { Announcer } from './announcer.tsx';
import { DetailsCard } from './details-card.tsx';
import { RelativesCard } from './relatives-card.tsx';
import { RunActions } from './run-actions.tsx';
import { RunBeam } from './run-beam.tsx';
import classes from './run-body.module.css';
import { RunCrumbs } from './run-crumbs.tsx';
import type { RunFollower } from './run-follower.ts';
import { RunLead } from './run-lead.tsx';
import { RunTabs } from './run-tabs.tsx';
import { UsageCard } from './usage-card.tsx';
import { peopleOf } from './people-of.ts';
import { useMoment, useSteps } from './use-run.ts';
import { YourTurn } from './your-turn.tsx';

/** The page once the run is known. */
export function RunBody({ run, follower }: { run: RunSummary; follower: RunFollower }) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const moment = useMoment(follower);
  const me = useMe();
  const steps = useSteps(run.id).data;
  const nameOf = useNames(peopleOf(run, moment));
  const title = run.title.trim() === '' ? t('runs:untitled') : inert(run.title.slice(0, 300));
  const Side = webCapability(run.capability)?.Side;
  const shown = { run, moment, nameOf, steps, me };
  return (
    <Page
      title={title}
      crumbs={<RunCrumbs run={run} />}
      lead={<RunLead {...shown} />}
      actions={<RunActions run={run} moment={moment} steps={steps} />}
    >
      {moment.error !== undefined && !moment.loaded && (
        <ErrorPanel error={moment.error} title={t('run:failed')} onRetry={follower.tryAgain} />
      )}
      <RunBeam run={run} moment={moment} />
      <div className={classes.columns}>
        <div className={classes.main}>
          <YourTurn run={run} steps={steps} />
          <RunTabs {...shown} follower={follower} />
        </div>
        <aside className={classes.side} aria-label={t('run:details.title')}>
          <UsageCard run={run} moment={moment} />
          {Side && (
            <Suspense>
              <Side {...shown} />
            </Suspense>
          )}
          <DetailsCard run={run} moment={moment} nameOf={nameOf} />
          <RelativesCard run={run} />
        </aside>
      </div>
      <Announcer run={run} moment={moment} />
    </Page>
  );
}
