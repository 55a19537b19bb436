import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { StateChange } from '../../../contract/run-state.ts';
import { clockTime } from '../../format/time.ts';
import { compareTexts } from '../../parts/compare-texts.ts';
import { DiffView } from '../../parts/diff-view.tsx';
import { NothingFound } from '../../parts/empty-state.tsx';
import { textsAt } from './state-at.ts';
import classes from './state.module.css';

interface StateDiffProps {
  readonly changes: readonly StateChange[];
  readonly from: StateChange;
  readonly to: StateChange;
}

/** What differs between two moments, the earlier one first, whichever was chosen to compare with. */
export function StateDiff({ changes, from, to }: StateDiffProps) {
  const { t } = useTranslation(['run', 'parts']);
  const [early, late] = from.seq <= to.seq ? [from, to] : [to, from];
  const files = useMemo(
    () => compareTexts(textsAt(changes, early.seq), textsAt(changes, late.seq)),
    [changes, early.seq, late.seq],
  );
  return (
    <section>
      <h2 className={classes.title}>
        {t('run:state.between', { from: clockTime(early.at), to: clockTime(late.at) })}
      </h2>
      {files === 'too-large' ? (
        <NothingFound title={t('parts:diff.tooLarge')} />
      ) : files.length === 0 ? (
        <NothingFound title={t('run:state.same')} />
      ) : (
        <DiffView files={files} />
      )}
    </section>
  );
}
