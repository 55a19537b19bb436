import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isTerminal } from '../../../contract/run-status.ts';
import { Confirm } from '../../../web/parts/confirm.tsx';
import { ErrorPanel } from '../../../web/parts/error-panel.tsx';
import { Meter } from '../../../web/parts/meter.tsx';
import { ReplayOutcome } from './replay-outcome.tsx';
import classes from './replay.module.css';
import { ReplayPhase } from './replay-phase.tsx';
import { useReplay } from './use-replay.ts';

interface ReplayPanelProps {
  readonly runId: string;
  /** On the replay's own page there is nothing to open. */
  readonly isOwnPage?: boolean;
}

/** How far a replay is, live, with pause, resume and stop; then what came of it. */
export function ReplayPanel({ runId, isOwnPage = false }: ReplayPanelProps) {
  const { t } = useTranslation('replay');
  const { data, error, act } = useReplay(runId);
  const [asking, setAsking] = useState(false);
  if (!data) return error ? <ErrorPanel error={error} /> : null;
  const { run, progress } = data;
  const over = isTerminal(run.status);
  const steers =
    progress?.phase === 'starting' || progress?.phase === 'waiting' || progress?.phase === 'paused';
  return (
    <div className={classes.panel}>
      {over ? <ReplayOutcome run={run} /> : <ReplayPhase progress={progress} />}
      {!over && progress && progress.total > 0 && (
        <Meter
          name={t('progress')}
          value={progress.done}
          limit={progress.total}
          words={progress.message}
          tone={progress.phase === 'paused' ? 'ink' : 'live'}
        />
      )}
      {act.error && <ErrorPanel error={act.error} />}
      <div className={classes.acts}>
        {!over && steers && (
          <>
            <Button
              variant="default"
              loading={act.isPending}
              onClick={() => act.mutate(progress.phase === 'paused' ? 'resume' : 'pause')}
            >
              {t(progress.phase === 'paused' ? 'resume' : 'pause')}
            </Button>
            <Button variant="default" c="bad" onClick={() => setAsking(true)}>
              {t('stop')}
            </Button>
          </>
        )}
        {!isOwnPage && (
          <Button variant="default" component={Link} to={`/runs/${runId}`}>
            {t('open')}
          </Button>
        )}
      </div>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('stopTitle')}
        text={t('stopText')}
        action={t('stopAction')}
        keep={t('stopKeep')}
        onConfirm={() => act.mutateAsync('stop')}
      />
    </div>
  );
}
