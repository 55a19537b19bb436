import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../../base/inert.ts';
import { clockTime, exactTime } from '../../format/time.ts';
import { JsonView } from '../json-view.tsx';
import { gistOf, type KeyAt } from './state-at.ts';
import classes from './state.module.css';

/** Each key on a line, with its value below it when it is opened; what changed at an earlier moment is open. */
export function StateKeys({ keys, changed }: { keys: readonly KeyAt[]; changed: string | undefined }) {
  const { t } = useTranslation('run');
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  return (
    <ul className={classes.keys} aria-label={t('state.keys')}>
      {keys.map((each) => {
        const open = chosen.get(each.key) ?? each.key === changed;
        return (
          <OneKey
            key={each.key}
            at={each}
            open={open}
            onToggle={() => setChosen((now) => new Map([...now, [each.key, !open]]))}
          />
        );
      })}
    </ul>
  );
}

function OneKey({ at, open, onToggle }: { at: KeyAt; open: boolean; onToggle: () => void }) {
  const { t } = useTranslation('run');
  const { key, change, times } = at;
  const name = inert(key.slice(0, 200));
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <li className={classes.key}>
      <button type="button" className={classes.head} aria-expanded={open} onClick={onToggle}>
        <Chevron size={14} stroke={1.75} aria-hidden="true" />
        <code>{name}</code>
        <bdi className={classes.gist}>{inert(gistOf(change.value))}</bdi>
        {times > 1 && <span className={classes.note}>{t('state.times', { count: times })}</span>}
        <time className={classes.time} dateTime={change.at} title={exactTime(change.at)}>
          {clockTime(change.at)}
        </time>
      </button>
      {open && (
        <div className={classes.value}>
          <JsonView value={change.value} name={t('state.value', { key: name })} />
        </div>
      )}
    </li>
  );
}
