import { useTranslation } from 'react-i18next';
import type { Queues } from '../../contract/system.ts';
import { countText } from '../format/amount.ts';
import { ageText } from '../format/duration.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Meter } from '../parts/meter.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import classes from './overview.module.css';
import { useQueues } from './use-system.ts';

/** Runs under way by priority, what the waiting ones wait for, and what no worker offers. */
export function QueuesCard() {
  const { t } = useTranslation('system');
  const { data, error, refetch } = useQueues();
  return (
    <Card title={t('queues.title')} note={t('queues.note')}>
      {error && !data && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={5} height={30} />}
      {data && <Lines queues={data} />}
    </Card>
  );
}

function Lines({ queues }: { queues: Queues }) {
  const { t } = useTranslation('system');
  const { priorities, limits, waiting, unmet } = queues;
  const words = (line: Queues['priorities'][number]) =>
    [
      t('queues.line', { running: countText(line.running), queued: countText(line.queued) }),
      line.waiting > 0 ? t('queues.waits', { waiting: countText(line.waiting) }) : '',
      line.oldestSeconds !== null && line.oldestSeconds >= 5
        ? t('queues.oldest', { age: ageText(line.oldestSeconds * 1000) })
        : '',
    ]
      .filter((word) => word !== '')
      .join(', ');
  const most = Math.max(1, ...priorities.map(({ running, queued }) => running + queued));
  return (
    <>
      <div className={classes.queues}>
        {priorities.map((line) => (
          <div key={line.priority} className={classes.queue}>
            <span>{line.priority}</span>
            <Meter
              name={line.priority}
              value={line.running}
              limit={most}
              words={words(line)}
              tone={line.running > 0 ? 'live' : 'ink'}
            />
            <span>{words(line)}</span>
          </div>
        ))}
      </div>
      {unmet.map(({ needs, queued, oldestSeconds }) => (
        <p key={needs} className={`${classes.note} ${classes.unmet}`}>
          {t('queues.unmet', {
            needs: needs.replace('/', ': '),
            count: queued,
            age: ageText(oldestSeconds * 1000),
          })}
        </p>
      ))}
      <p className={classes.note}>{t('queues.waitFor', waiting)}</p>
      <p className={classes.note}>
        {t('queues.foot', {
          running: countText(limits.running),
          perUser: countText(limits.perUser),
          queued: countText(limits.queued),
        })}
      </p>
    </>
  );
}
