import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StateChange } from '../../../contract/run-state.ts';
import { countText } from '../../format/amount.ts';
import { clockTime, exactTime } from '../../format/time.ts';
import { NothingFound } from '../../parts/empty-state.tsx';
import { SkeletonRows } from '../../parts/skeleton-rows.tsx';
import type { Shown } from '../shown.ts';
import { placeOf, stateAt } from './state-at.ts';
import { StateDiff } from './state-diff.tsx';
import { StateHistory } from './state-history.tsx';
import { StateKeys } from './state-keys.tsx';
import { StateTime } from './state-time.tsx';
import classes from './state.module.css';

/** What the story stands at, key by key: now, and at each moment that it told of; and what differs between two of them. */
export default function StateTab({ moment }: Shown) {
  const { t } = useTranslation('run');
  const { changes } = moment.view.state;
  const [seq, goTo] = useMomentInAddress();
  const [compared, compare] = useState<number>();
  if (!moment.loaded) return <SkeletonRows />;
  const place = placeOf(changes, seq);
  const change = changes[place];
  if (!change) return <NothingFound title={t('state.none')} />;
  const isNow = seq === undefined || place === changes.length - 1;
  const other = compared === undefined ? undefined : changes[placeOf(changes, compared)];
  const choose = (to: StateChange | undefined) => goTo(to === changes.at(-1) ? undefined : to?.seq);
  return (
    <div className={classes.state}>
      <StateTime
        {...{ changes, place, isNow, compared: other }}
        onChoose={(to) => choose(changes[to])}
        onCompare={(to) => compare(to === undefined ? undefined : changes[to]?.seq)}
      />
      <p className={classes.moment} role="status">
        {isNow ? t('state.asNow') : t('state.asThen', { time: clockTime(change.at) })}{' '}
        <time dateTime={change.at} title={exactTime(change.at)} className={classes.note}>
          {t('state.change', {
            number: countText(place + 1),
            all: countText(changes.length),
            key: change.key.slice(0, 80),
          })}
        </time>
      </p>
      {other ? (
        <StateDiff {...{ changes }} from={other} to={change} />
      ) : (
        <StateKeys keys={stateAt(changes, change.seq)} changed={isNow ? undefined : change.key} />
      )}
      <StateHistory {...{ changes, place }} onChoose={choose} />
    </div>
  );
}

/** The address keeps the moment, so that a link and a reload show the same. */
function useMomentInAddress(): [number | undefined, (seq: number | undefined) => void] {
  const { at }: { at?: unknown } = useSearch({ strict: false });
  const navigate = useNavigate();
  const go = (seq: number | undefined) =>
    void navigate({
      to: '.',
      search: (now: object) => ({ ...now, at: seq }),
      replace: true,
      resetScroll: false,
    });
  return [typeof at === 'number' && Number.isSafeInteger(at) ? at : undefined, go];
}
