import { Button, SegmentedControl } from '@mantine/core';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UsageReport } from '../../contract/usage.ts';
import { countText } from '../format/amount.ts';
import { Card } from '../parts/card.tsx';
import { Table } from '../parts/table.tsx';
import { dayText, everyDay, figureText, metrics, type Metric } from './usage-figures.ts';
import classes from './usage-page.module.css';

const UsageChart = lazy(() => import('./usage-chart.tsx'));

/** One figure day by day, as a chart or as a table, and the latest of it as text. */
export function UsageDays({ report }: { report: UsageReport }) {
  const { t } = useTranslation('usage');
  const [metric, setMetric] = useState<Metric>('runs');
  const [asTable, setAsTable] = useState(false);
  const days = useMemo(() => everyDay(report), [report]);
  const latest = days.at(-1);
  const name = t(`metric.${metric}`);
  return (
    <Card
      title={t('byDay', { metric: name })}
      note={latest && t('latest', { figure: figureText(metric, latest[metric]) })}
      actions={
        <Button size="compact-sm" variant="subtle" color="live" onClick={() => setAsTable(!asTable)}>
          {asTable ? t('asChart') : t('asTable')}
        </Button>
      }
      flush={asTable}
    >
      {asTable ? (
        <Table
          name={t('byDay', { metric: t('metric.all') })}
          head={
            <tr>
              <th>{t('group.day')}</th>
              {metrics.map((each) => (
                <th key={each} data-number>
                  {t(`metric.${each}`)}
                </th>
              ))}
              <th data-number>{t('metric.failed')}</th>
            </tr>
          }
        >
          {days.toReversed().map((day) => (
            <tr key={day.key}>
              <td>{dayText(day.key)}</td>
              {metrics.map((each) => (
                <td key={each} data-number>
                  {figureText(each, day[each])}
                </td>
              ))}
              <td data-number>{countText(day.failed)}</td>
            </tr>
          ))}
        </Table>
      ) : (
        <>
          <div className={classes.metrics}>
            <SegmentedControl
              aria-label={t('metric.label')}
              value={metric}
              onChange={(value) => setMetric(metrics.find((each) => each === value) ?? 'runs')}
              data={metrics.map((each) => ({ value: each, label: t(`metric.${each}`) }))}
            />
          </div>
          <Suspense fallback={<div className={classes.chart} />}>
            <UsageChart days={days} metric={metric} label={t('byDay', { metric: name })} />
          </Suspense>
        </>
      )}
    </Card>
  );
}
