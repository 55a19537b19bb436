import { useMediaQuery } from '@mantine/hooks';
import { IconCheck, IconUserQuestion, IconX } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './beam.module.css';
import { stopsNow } from './stops-now.ts';

export interface BeamStop {
  readonly key: string;
  readonly label: string;
  readonly state: 'done' | 'active' | 'waiting' | 'failed' | 'stopped' | 'idle';
  /** It waits for a person: amber. */
  readonly person: boolean;
  /** The state in words. */
  readonly note: string;
  readonly figure?: ReactNode;
}

/** Phases on a line: done, where the load is, and what comes. Below 760 px it hangs down and shows what matters now. */
export function Beam({ name, stops }: { name: string; stops: readonly BeamStop[] }) {
  const { t } = useTranslation('run');
  const narrow = useMediaQuery('(max-width: 760px)') ?? false;
  const [all, setAll] = useState(false);
  const few = stopsNow(stops);
  const shown = narrow && !all ? few : stops;
  const current = stops.findLast((stop) => stop.state === 'active' || stop.state === 'waiting')?.key;
  return (
    <div className={classes.card}>
      <ol className={classes.beam} aria-label={name}>
        {shown.map((stop) => (
          <li
            key={stop.key}
            className={classes.stop}
            data-state={stop.state}
            data-person={stop.person || undefined}
            aria-current={stop.key === current ? 'step' : undefined}
          >
            <span className={classes.mark} aria-hidden="true">
              <Mark stop={stop} />
            </span>
            {stop.state === 'active' && <span className={classes.load} aria-hidden="true" />}
            <span className={classes.label} title={stop.label.slice(0, 300)}>
              <bdi>{stop.label.slice(0, 100)}</bdi>
            </span>
            <span className={classes.about}>
              <span className={classes.note} title={stop.note}>
                <bdi>{stop.note}</bdi>
              </span>
              <span className={classes.figure}>{stop.figure}</span>
            </span>
          </li>
        ))}
      </ol>
      {narrow && stops.length > few.length && (
        <button type="button" className={classes.toggle} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('beam.showFew') : t('beam.showAll', { count: stops.length })}
        </button>
      )}
    </div>
  );
}

function Mark({ stop }: { stop: BeamStop }) {
  const icon = { size: 10, stroke: 3 } as const;
  if (stop.state === 'done') return <IconCheck {...icon} />;
  if (stop.state === 'failed') return <IconX {...icon} />;
  if (stop.person) return <IconUserQuestion size={11} stroke={2.4} />;
  return null;
}
