import { useTranslation } from 'react-i18next';
import type { Bucket } from '../../contract/system.ts';
import { countText } from '../format/amount.ts';
import { durationText } from '../format/duration.ts';
import { shortTime } from '../format/time.ts';
import { Table } from '../parts/table.tsx';
import classes from './overview.module.css';

/** The figures behind the bars, the latest hour first. */
export function HoursTable({ hours }: { hours: readonly Bucket[] }) {
  const { t } = useTranslation('system');
  const wait = (ms: number | null) => (ms === null ? '–' : durationText(ms));
  return (
    <details className={classes.hours}>
      <summary>{t('figures.showTable')}</summary>
      <Table
        name={t('figures.showTable')}
        head={
          <tr>
            <th>{t('figures.hour')}</th>
            {(['startedShort', 'finishedShort', 'failedShort', 'waitP50', 'waitP95'] as const).map((name) => (
              <th key={name} data-number>
                {t(`figures.${name}`)}
              </th>
            ))}
          </tr>
        }
      >
        {hours.toReversed().map((hour) => (
          <tr key={hour.from}>
            <td>{shortTime(hour.from)}</td>
            <td data-number>{countText(hour.started)}</td>
            <td data-number>{countText(hour.finished)}</td>
            <td data-number>{countText(hour.failed)}</td>
            <td data-number>{wait(hour.waitP50Ms)}</td>
            <td data-number>{wait(hour.waitP95Ms)}</td>
          </tr>
        ))}
      </Table>
    </details>
  );
}
