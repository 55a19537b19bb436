import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { get } from '../../../../web/api/client.ts';
import { formatBytes } from '../../../../base/format-bytes.ts';
import { durationText } from '../../../../web/format/duration.ts';
import { Ago } from '../../../../web/parts/ago.tsx';
import { Status } from '../../../../web/parts/status.tsx';
import type { EarlierExecution } from '../../earlier-route.ts';
import { resultTitle } from '../result-words.ts';
import classes from './output-card.module.css';

const refreshMs = 10_000;

interface EarlierRunsProps {
  readonly shown: string | undefined;
  /** The run that is shown was clicked, which leads nowhere else. */
  onShownAgain(): void;
}

/** One's own latest runs, live; a click loads the program and shows the run. */
export function EarlierRuns({ shown, onShownAgain }: EarlierRunsProps) {
  const { t } = useTranslation('playground');
  const { data } = useQuery({
    queryKey: ['executions'],
    queryFn: ({ signal }) => get<{ items: EarlierExecution[] }>('/executions', { limit: 8 }, signal),
    refetchInterval: refreshMs,
  });
  if (data === undefined || data.items.length === 0) return null;
  return (
    <div className={classes.earlier} role="region" aria-label={t('earlier.title')} tabIndex={0}>
      <h2>{t('earlier.title')}</h2>
      <ol>
        {data.items.map(({ id, title, status, result, usage, createdAt }) => {
          const words = resultTitle(status, result);
          return (
            <li key={id}>
              <Link
                to="/playground"
                search={{ run: id }}
                aria-current={id === shown ? 'true' : undefined}
                onClick={({ ctrlKey, metaKey, shiftKey }) => {
                  if (id === shown && !ctrlKey && !metaKey && !shiftKey) onShownAgain();
                }}
              >
                <Status
                  status={words.bad ? 'failed' : status}
                  words={words.key && t(words.key, words.values)}
                />
                <span className="g-ellipsis">
                  <bdi>{title}</bdi>
                </span>
              </Link>
              <span className={classes.earlierFigures}>
                {usage.peakMemoryBytes === undefined ? '' : `${formatBytes(usage.peakMemoryBytes)} `}
                {usage.wallMs === undefined ? '' : durationText(usage.wallMs)}
              </span>
              <span className={classes.earlierAge}>
                <Ago at={createdAt} />
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
