import { ActionIcon, Button, Select, Slider } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { StateChange } from '../../../contract/run-state.ts';
import { clockTime } from '../../format/time.ts';
import classes from './state.module.css';

interface StateTimeProps {
  readonly changes: readonly StateChange[];
  readonly place: number;
  readonly isNow: boolean;
  readonly compared: StateChange | undefined;
  readonly onChoose: (place: number) => void;
  readonly onCompare: (place: number | undefined) => void;
}

const icon = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

/** Goes through time, change by change, and chooses a moment to compare with. */
export function StateTime({ changes, place, isNow, compared, onChoose, onCompare }: StateTimeProps) {
  const { t } = useTranslation('run');
  const last = changes.length - 1;
  const wordsOf = (at: number) => {
    const change = changes[at];
    return change ? t('state.at', { time: clockTime(change.at), key: change.key.slice(0, 60) }) : '';
  };
  return (
    <div className={classes.bar}>
      <ActionIcon
        variant="default"
        aria-label={t('state.earlier')}
        disabled={place === 0}
        onClick={() => onChoose(place - 1)}
      >
        <IconChevronLeft {...icon} />
      </ActionIcon>
      <Slider
        className={classes.slider ?? ''}
        size="sm"
        min={0}
        max={Math.max(1, last)}
        value={place}
        label={wordsOf}
        disabled={last === 0}
        thumbLabel={t('state.moment')}
        thumbProps={{ 'aria-valuetext': wordsOf(place) }}
        onChange={onChoose}
      />
      <ActionIcon
        variant="default"
        aria-label={t('state.later')}
        disabled={place >= last}
        onClick={() => onChoose(place + 1)}
      >
        <IconChevronRight {...icon} />
      </ActionIcon>
      <Button size="compact-md" variant="default" disabled={isNow} onClick={() => onChoose(last)}>
        {t('state.now')}
      </Button>
      <Select
        className={classes.compare ?? ''}
        size="xs"
        clearable
        aria-label={t('state.compare')}
        placeholder={t('state.compare')}
        data={changes.map((_, at) => ({ value: String(at), label: wordsOf(at) })).toReversed()}
        value={compared === undefined ? null : String(changes.indexOf(compared))}
        onChange={(value) => onCompare(value === null ? undefined : Number(value))}
      />
    </div>
  );
}
