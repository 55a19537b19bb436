import { useTranslation } from 'react-i18next';
import type { EventStats } from '../../contract/system.ts';
import { countText } from '../format/amount.ts';
import classes from './events.module.css';

interface EventCountsProps {
  readonly stats: EventStats;
  readonly chosen: string | undefined;
  readonly onChoose: (type: string) => void;
}

/** How many there are of each type; each is a filter. */
export function EventCounts({ stats, chosen, onChoose }: EventCountsProps) {
  const { t } = useTranslation('system');
  const name = stats.complete
    ? t('events.counts')
    : t('events.countsPart', { events: countText(stats.looked.events) });
  return (
    <div className={classes.counts} role="group" aria-label={name}>
      {stats.types.map(({ type, count }) => (
        <button
          key={type}
          type="button"
          className={classes.chip}
          aria-pressed={chosen === type}
          onClick={() => onChoose(chosen === type ? '' : type)}
        >
          {type} {countText(count)}
          {stats.complete ? '' : '+'}
        </button>
      ))}
    </div>
  );
}
