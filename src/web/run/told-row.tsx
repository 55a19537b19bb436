import {
  IconArrowUpRight,
  IconBan,
  IconCheck,
  IconClockHour4,
  IconFlag,
  IconMessage,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconSkull,
  IconX,
  type Icon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { eventText } from '../../contract/event-text.ts';
import type { ToldEntry } from '../../contract/run-timeline.ts';
import { clockTime, exactTime, shortTime } from '../format/time.ts';
import classes from './timeline.module.css';

type Tone = 'ok' | 'bad' | 'plain';
const marks: Readonly<Record<string, readonly [Icon, Tone]>> = {
  'run.queued': [IconClockHour4, 'plain'],
  'run.queued.recovered': [IconRefresh, 'bad'],
  'run.queued.retrying': [IconRefresh, 'bad'],
  'run.started': [IconPlayerPlay, 'plain'],
  'run.waiting': [IconClockHour4, 'plain'],
  'run.cancelling': [IconBan, 'plain'],
  'run.cancelled': [IconBan, 'plain'],
  'run.pausing': [IconPlayerPause, 'plain'],
  'run.resumed': [IconPlayerPlay, 'plain'],
  'run.waiting.paused': [IconPlayerPause, 'plain'],
  'run.priority': [IconFlag, 'plain'],
  'run.succeeded': [IconCheck, 'ok'],
  'run.failed': [IconX, 'bad'],
  'run.dead': [IconSkull, 'bad'],
  'signal.received': [IconMessage, 'plain'],
};

/** Something that happened to the run as a whole. */
export function ToldRow({ entry, nameOf }: { entry: ToldEntry; nameOf: (id: string) => string }) {
  const { t } = useTranslation('events');
  const { event, at } = entry;
  const text = eventText(event, nameOf);
  const [Mark, tone] = marks[text?.key ?? ''] ?? marks[event.type] ?? ([IconArrowUpRight, 'plain'] as const);
  const until = text?.values['until'];
  const values = until === undefined ? text?.values : { ...text?.values, until: shortTime(String(until)) };
  return (
    <li className={classes.row} data-quiet={tone === 'plain' || undefined}>
      <time className={classes.time} dateTime={at} title={exactTime(at)}>
        {clockTime(at)}
      </time>
      <span className={classes.mark} data-tone={tone}>
        <Mark size={16} stroke={1.75} aria-hidden="true" />
      </span>
      <div className={classes.words}>
        <p className={`${classes.title} ${classes.sub}`}>
          <bdi>{text ? t(text.key, values).slice(0, 2000) : event.type}</bdi>
        </p>
      </div>
      <span className={classes.figure} />
    </li>
  );
}
