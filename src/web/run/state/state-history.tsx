import { useTranslation } from 'react-i18next';
import { inert } from '../../../base/inert.ts';
import type { StateChange } from '../../../contract/run-state.ts';
import { clockTime, exactTime } from '../../format/time.ts';
import { gistOf } from './state-at.ts';
import classes from './state.module.css';

interface StateHistoryProps {
  readonly changes: readonly StateChange[];
  readonly place: number;
  readonly onChoose: (change: StateChange) => void;
}

/** Every change, the latest first; one that is chosen is the moment that is shown. */
export function StateHistory({ changes, place, onChoose }: StateHistoryProps) {
  const { t } = useTranslation('run');
  return (
    <section>
      <h2 className={classes.title}>{t('state.history')}</h2>
      <ol className={classes.history} tabIndex={0} aria-label={t('state.history')}>
        {changes.toReversed().map((change, index) => (
          <li key={change.seq}>
            <button
              type="button"
              className={classes.change}
              aria-current={changes.length - 1 - index === place ? 'step' : undefined}
              onClick={() => onChoose(change)}
            >
              <time className={classes.time} dateTime={change.at} title={exactTime(change.at)}>
                {clockTime(change.at)}
              </time>
              <code>{inert(change.key.slice(0, 200))}</code>
              <bdi className={classes.gist}>{inert(gistOf(change.value))}</bdi>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
