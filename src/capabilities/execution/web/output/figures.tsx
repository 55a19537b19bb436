import { useTranslation } from 'react-i18next';
import { useNow } from '../../../../web/live/clock.ts';
import { Meter } from '../../../../web/parts/meter.tsx';
import { limitsOfRun } from '../effective-limits.ts';
import { useLimitTable } from '../queries.ts';
import classes from './output-card.module.css';
import { figuresOf } from './figures-of.ts';
import type { Execution } from './use-execution.ts';

/** What the program uses of its limits; live while it runs. */
export function Figures({ execution }: { execution: Execution }) {
  const { t } = useTranslation('playground');
  const { run, output, ended } = execution;
  const table = useLimitTable();
  const now = useNow();
  if (!run || !table) return null;
  const limits = limitsOfRun(table, run);
  const figures = figuresOf(run.output, output, limits, ended ? undefined : now);
  return (
    <div className={classes.figures} role="group" aria-label={t('figures.label')}>
      {figures.map(({ name, value, limit, used, most }) => (
        <div key={name} className={classes.figure}>
          <span className={classes.figureName}>{t(`figures.${name}`)}</span>
          <span className={classes.figureValue}>
            {used} <small>/ {most}</small>
          </span>
          <Meter
            name={t(`figures.${name}`)}
            value={value ?? 0}
            limit={limit}
            words={t('figures.words', { used, most })}
            tone={ended ? (value !== undefined && value >= limit ? 'bad' : 'ink') : 'live'}
          />
        </div>
      ))}
    </div>
  );
}
