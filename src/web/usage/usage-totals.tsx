import { useTranslation } from 'react-i18next';
import type { UsageReport } from '../../contract/usage.ts';
import { countText } from '../format/amount.ts';
import { figureText, metrics } from './usage-figures.ts';
import classes from './usage-page.module.css';

/** The sums of the whole time. */
export function UsageTotals({ total }: { total: UsageReport['total'] }) {
  const { t } = useTranslation('usage');
  return (
    <dl className={classes.totals}>
      {metrics.map((metric) => (
        <div key={metric} className={classes.total}>
          <dt>{t(`metric.${metric}`)}</dt>
          <dd>{figureText(metric, total[metric])}</dd>
          {metric === 'runs' && (
            <dd className={classes.note}>{t('failed', { figure: countText(total.failed) })}</dd>
          )}
        </div>
      ))}
    </dl>
  );
}
