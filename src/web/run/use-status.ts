import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../contract/run.ts';
import type { Me } from '../api/me.ts';
import { shortTime } from '../format/time.ts';
import type { RunMoment } from './run-follower.ts';
import { statusWords } from './status-words.ts';

/** The run's state and its words. */
export function useStatus(
  run: RunSummary,
  moment: RunMoment,
  me: Me | undefined,
  nameOf: (id: string) => string,
) {
  const { t } = useTranslation(['run', 'parts']);
  const { status, key, values, waitsForPerson } = statusWords({
    ...{ run, me, nameOf },
    view: moment.loaded ? moment.view : undefined,
  });
  const shown = 'until' in values ? { until: shortTime(String(values['until'])) } : values;
  const words = key === 'plain' ? t(`parts:status.${status}`) : t(`run:status.${key}`, shown);
  return { status, words: words.slice(0, 120), waitsForPerson };
}
