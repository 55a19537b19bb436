import {
  IconArrowBackUp,
  IconCheck,
  IconClockHour4,
  IconPlugConnectedX,
  IconSubtask,
  IconUserQuestion,
  IconX,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { stepTitle } from '../../contract/event-text.ts';
import type { StepEntry } from '../../contract/run-timeline.ts';
import type { RunSummary } from '../../contract/run.ts';
import { durationText } from '../format/duration.ts';
import { clockTime, exactTime, shortTime } from '../format/time.ts';
import { LiveSquare } from '../parts/status.tsx';
import { Took } from '../parts/took.tsx';
import { StepMenu } from './step-menu.tsx';
import { StepOutput } from './step-output.tsx';
import classes from './timeline.module.css';

const icon = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

/** A step, wait or child: what, since when, how it went, how long. */
export function StepRow({ run, entry }: { run: RunSummary; entry: StepEntry }) {
  const [open, setOpen] = useState(false);
  const title = useTitle(entry);
  return (
    <li className={classes.row}>
      <time className={classes.time} dateTime={entry.startedAt} title={exactTime(entry.startedAt)}>
        {clockTime(entry.startedAt)}
      </time>
      <Mark entry={entry} />
      <div className={classes.words}>
        <p className={classes.title}>
          <bdi>{title}</bdi>
        </p>
        <About entry={entry} />
        {open && entry.position !== null && <StepOutput runId={run.id} position={entry.position} />}
      </div>
      <span className={classes.figure}>
        {entry.durationMs !== null && entry.endedAt !== null ? (
          durationText(entry.durationMs)
        ) : (
          <Took from={entry.startedAt} to={entry.endedAt} />
        )}
        <StepMenu {...{ run, entry, open, setOpen, title }} />
      </span>
    </li>
  );
}

function useTitle({ does, step, ordinal, state, question }: StepEntry): string {
  const { t } = useTranslation('run');
  const name = stepTitle({ step: step.slice(0, 300), ordinal });
  const open = state === 'waiting';
  if (question) return question.title;
  if (does === 'signal') return t(open ? 'timeline.waitsFor' : 'timeline.waitedFor', { step: name });
  if (does === 'sleep') return t(open ? 'timeline.sleeps' : 'timeline.slept', { step: name });
  if (does === 'child') return t('timeline.child', { step: name });
  if (does === 'compensation') return t('timeline.undo', { step: name.replace(/^undo /, '') });
  return name;
}

/** Everything about it that is not its name, a line each. */
function About({ entry }: { entry: StepEntry }) {
  const { t } = useTranslation('run');
  const { given, does, state, question, child } = entry;
  return (
    <>
      {entry.kept && <p className={classes.sub}>{t('timeline.kept')}</p>}
      {entry.failedTries.map((tried) => (
        <p key={tried.attempt} className={classes.sub} data-tone="bad">
          {t('timeline.tryFailed', { attempt: tried.attempt, message: tried.error.message.slice(0, 1000) })};{' '}
          {t('timeline.triedAgain', { delay: durationText(tried.delayMs) })}
        </p>
      ))}
      {entry.error && (
        <p className={classes.sub} data-tone="bad">
          <code>{entry.error.code}</code> <bdi>{entry.error.message.slice(0, 2000)}</bdi>
        </p>
      )}
      {state === 'lost' && <p className={classes.sub}>{t('timeline.stopped')}</p>}
      {given && (
        <p className={classes.sub}>
          <bdi>{t('timeline.answered', { who: given.byName ?? t('timeline.name'), label: given.label })}</bdi>
          {given.comment !== '' && <bdi> “{given.comment.slice(0, 1000)}”</bdi>}
        </p>
      )}
      {question && state === 'succeeded' && !given && <p className={classes.sub}>{t('timeline.timedOut')}</p>}
      {state === 'waiting' && entry.dueAt !== null && (
        <p className={classes.sub}>{t('timeline.until', { time: shortTime(entry.dueAt) })}</p>
      )}
      {does === 'child' && child && (
        <p className={classes.sub}>
          <Link to="/runs/$runId" params={{ runId: child.runId }}>
            {t('timeline.openChild')}
          </Link>{' '}
          {child.capability}
        </p>
      )}
    </>
  );
}

function Mark({ entry }: { entry: StepEntry }) {
  const { state, does, question } = entry;
  const [tone, mark] =
    state === 'failed'
      ? (['bad', <IconX key="x" {...icon} />] as const)
      : state === 'lost'
        ? (['idle', <IconPlugConnectedX key="x" {...icon} />] as const)
        : state === 'waiting' && question
          ? (['you', <IconUserQuestion key="x" {...icon} />] as const)
          : state === 'running' || state === 'retrying'
            ? (['live', <LiveSquare key="x" />] as const)
            : does === 'child'
              ? (['idle', <IconSubtask key="x" {...icon} />] as const)
              : does === 'compensation'
                ? (['idle', <IconArrowBackUp key="x" {...icon} />] as const)
                : state === 'waiting' || does === 'sleep'
                  ? (['idle', <IconClockHour4 key="x" {...icon} />] as const)
                  : (['ok', <IconCheck key="x" {...icon} />] as const);
  return (
    <span className={classes.mark} data-tone={tone}>
      {mark}
    </span>
  );
}
