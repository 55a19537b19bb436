import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../contract/system.ts';
import { durationText } from '../format/duration.ts';
import { HourBars } from './hour-bars.tsx';
import { HoursTable } from './hours-table.tsx';
import classes from './overview.module.css';

/** The four figures that matter, each with its limit and its last 24 hours. */
export function FigureCards({ overview }: { overview: Overview }) {
  const { t } = useTranslation('system');
  const { hours, slots, wait, sandboxStart, oldestSeconds } = overview;
  const perHour = (what: string) => t('figures.perHour', { what });
  return (
    <>
      <div className={classes.figures}>
        <Figure
          name={t('figures.running')}
          value={String(overview.running)}
          note={t('figures.slots', { count: slots.all })}
        >
          <HourBars name={perHour(t('figures.started'))} hours={hours} valueOf={({ started }) => started} />
        </Figure>
        <Figure
          name={t('figures.oldest')}
          value={oldestSeconds === null ? '–' : durationText(oldestSeconds * 1000)}
          note={t('figures.waiting', { queued: overview.queued })}
        >
          <HourBars
            name={perHour(t('figures.finished'))}
            hours={hours}
            valueOf={({ finished }) => finished}
          />
        </Figure>
        <Figure
          name={t('figures.wait')}
          value={wait ? durationText(wait.p95Ms) : '–'}
          note={wait ? t('figures.p50', { value: durationText(wait.p50Ms) }) : ''}
        >
          <HourBars name={perHour(t('figures.waits'))} hours={hours} valueOf={({ waitP95Ms }) => waitP95Ms} />
        </Figure>
        <Figure
          name={t('figures.sandbox')}
          value={sandboxStart ? durationText(sandboxStart.p95Ms) : '–'}
          note={sandboxStart ? t('figures.p50', { value: durationText(sandboxStart.p50Ms) }) : ''}
        >
          <p className={classes.note}>{sandboxStart ? t('figures.sandboxNote') : t('figures.noStart')}</p>
        </Figure>
      </div>
      <HoursTable hours={hours} />
    </>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly children: ReactNode;
}

function Figure({ name, value, note, children }: FigureProps) {
  return (
    <section className={classes.figure}>
      <h2>{name}</h2>
      <p className={classes.value}>
        <strong>{value}</strong> <span>{note}</span>
      </p>
      {children}
    </section>
  );
}
