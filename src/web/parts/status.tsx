import { IconBan, IconCheck, IconClockHour4, IconSkull, IconUserQuestion, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunStatus } from '../../contract/run.ts';
import classes from './status.module.css';

export type StatusTone = 'idle' | 'live' | 'you' | 'ok' | 'bad' | 'dead';

interface StatusProps {
  readonly status: RunStatus;
  /** More exact words than the status's own: "Running, step 3 of 5". */
  readonly words?: string;
  /** What a waiting run waits for: a person, which is amber, or a clock or another run, which is calm. */
  readonly waitsForPerson?: boolean;
  /** With a box around it: in a page header and alone; in tables without. */
  readonly chip?: boolean;
}

/** A run's status: always icon and word, never colour alone. */
export function Status({ status, words, waitsForPerson = false, chip = false }: StatusProps) {
  const { t } = useTranslation('parts');
  const word =
    words ?? (status === 'waiting' && waitsForPerson ? t('status.waitingYou') : t(`status.${status}`));
  return (
    <StatusWord tone={toneOf(status, waitsForPerson)} chip={chip} icon={iconOf(status, waitsForPerson)}>
      {word}
    </StatusWord>
  );
}

interface StatusWordProps {
  readonly tone: StatusTone;
  readonly icon: ReactNode;
  readonly chip?: boolean;
  readonly children: ReactNode;
}

/** Icon and word in the colour of a state; for states that are not a run's. */
export function StatusWord({ tone, icon, chip = false, children }: StatusWordProps) {
  return (
    <span className={classes.status} data-tone={tone} data-chip={chip || undefined}>
      {icon}
      <span>{children}</span>
    </span>
  );
}

/** The mark of what is at work: a square in a square; the outer one pulses. */
export function LiveSquare() {
  return <span className={classes.square} aria-hidden="true" />;
}

function toneOf(status: RunStatus, waitsForPerson: boolean): StatusTone {
  if (status === 'waiting') return waitsForPerson ? 'you' : 'idle';
  const tones = {
    queued: 'idle',
    running: 'live',
    succeeded: 'ok',
    failed: 'bad',
    cancelled: 'idle',
    dead: 'dead',
  } as const;
  return tones[status];
}

const icon = { size: 14, stroke: 2.1, 'aria-hidden': true } as const;

function iconOf(status: RunStatus, waitsForPerson: boolean): ReactNode {
  if (status === 'waiting' && waitsForPerson) return <IconUserQuestion {...icon} />;
  const icons = {
    queued: <IconClockHour4 {...icon} />,
    waiting: <IconClockHour4 {...icon} />,
    running: <LiveSquare />,
    succeeded: <IconCheck {...icon} />,
    failed: <IconX {...icon} />,
    cancelled: <IconBan {...icon} />,
    dead: <IconSkull {...icon} />,
  };
  return icons[status];
}
