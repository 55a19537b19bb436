import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { LiveSquare } from '../parts/status.tsx';
import { Took } from '../parts/took.tsx';
import classes from './live-now.module.css';
import { useLiveRuns } from './use-live-runs.ts';

/** Up to five runs that are worked on now, with how long they have been. */
export function LiveNow() {
  const { t } = useTranslation('shell');
  const runs = useLiveRuns();
  if (runs.length === 0) return null;
  return (
    <>
      <p className={classes.heading}>{t('liveNow')}</p>
      <ul className={classes.list}>
        {runs.map(({ id, title, startedAt }) => (
          <li key={id}>
            <Link to={`/runs/${id}`} className={classes.run}>
              <LiveSquare />
              <span className={classes.title}>{title}</span>
              <span className={classes.time}>
                <Took from={startedAt} to={null} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
