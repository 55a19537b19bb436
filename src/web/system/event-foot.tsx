import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { EventPage } from '../../contract/system.ts';
import { countText } from '../format/amount.ts';
import { exactTime } from '../format/time.ts';
import classes from './events.module.css';

interface EventFootProps {
  readonly pages: readonly EventPage[];
  readonly hasMore: boolean;
  readonly loading: boolean;
  readonly onMore: () => void;
}

/** How much was looked at, how far back that reached, and the way further. */
export function EventFoot({ pages, hasMore, loading, onMore }: EventFootProps) {
  const { t } = useTranslation('system');
  const sum = (name: 'events' | 'runs') =>
    countText(pages.reduce((total, { looked }) => total + looked[name], 0));
  const to = pages.findLast(({ looked }) => looked.to !== null)?.looked.to;
  const figures = { events: sum('events'), runs: sum('runs') };
  const isFull = (pages.at(-1)?.items.length ?? 0) > 0;
  return (
    <div className={classes.foot}>
      <span>
        {hasMore && to ? t('events.looked', { ...figures, time: exactTime(to) }) : t('events.whole', figures)}
      </span>
      {hasMore && (
        <Button variant="default" loading={loading} onClick={onMore}>
          {isFull ? t('events.older') : t('events.lookFurther')}
        </Button>
      )}
    </div>
  );
}
