import { IconGitBranch, IconHourglass, IconPlayerPause, IconUser } from '@tabler/icons-react';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { webCapability } from '../capabilities.ts';
import type { Texts } from '../locales/texts.ts';
import { Ago } from '../parts/ago.tsx';
import { LiveWord } from '../parts/live-word.tsx';
import { Status } from '../parts/status.tsx';
import { starterOf } from '../runs/run-words.ts';
import classes from './run-lead.module.css';
import type { Shown } from './shown.ts';
import { pausedNow } from './status-words.ts';
import { turnText } from './turn-text.ts';
import { useStatus } from './use-status.ts';
import { useTurn } from './use-turn.ts';

const icon = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;

/** The line under the title: state, what on, who and when, and whether it is live. */
export function RunLead(shown: Shown) {
  const { run, moment, me, nameOf } = shown;
  const { t } = useTranslation() as unknown as { t: Texts };
  const Lead = webCapability(run.capability)?.Lead;
  const { status, words, waitsForPerson } = useStatus(run, moment, me, nameOf);
  const turn = useTurn(run.id, status === 'queued');
  const paused = pausedNow(run, moment.loaded ? moment.view : undefined);
  return (
    <>
      <Status chip status={status} words={words} waitsForPerson={waitsForPerson} />
      {turn && (
        <span className={classes.item}>
          <IconHourglass {...icon} />
          <bdi>{turnText(turn, t)}</bdi>
        </span>
      )}
      {paused && waitsForPerson && (
        <span className={classes.item}>
          <IconPlayerPause {...icon} />
          <bdi>
            {paused.by === null
              ? t('run:status.paused')
              : t('run:status.pausedBy', { name: nameOf(paused.by) })}
          </bdi>
        </span>
      )}
      {run.error !== null && (status === 'failed' || status === 'dead') && (
        <span className={classes.reason} title={run.error.message.slice(0, 1000)}>
          <bdi>{run.error.code}</bdi>
        </span>
      )}
      {run.outcome !== null && <span className={classes.outcome}>{run.outcome}</span>}
      {run.repository !== null && (
        <span className={classes.item}>
          <IconGitBranch {...icon} />
          <code>{run.repository}</code>
        </span>
      )}
      {Lead && (
        <Suspense>
          <Lead {...shown} />
        </Suspense>
      )}
      <span className={classes.item}>
        <IconUser {...icon} />
        <span>
          <bdi>{starterOf(run, t, nameOf)}</bdi>, <Ago at={run.createdAt} />
        </span>
      </span>
      {moment.stream !== 'connecting' && <LiveWord state={moment.stream} at={moment.heardAt} />}
    </>
  );
}
