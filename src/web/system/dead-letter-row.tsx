import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { DeadLetter } from '../../contract/system.ts';
import { Ago } from '../parts/ago.tsx';
import { Status } from '../parts/status.tsx';
import classes from './overview.module.css';

interface DeadLetterRowProps {
  readonly letter: DeadLetter;
  /** The run that does it again, once somebody has retried it. */
  readonly retriedAs: string | null;
  readonly busy: boolean;
  readonly onRetry: () => void;
  readonly onDiscard: () => void;
}

/** One dead run: what it was, why it died, and what to do about it. */
export function DeadLetterRow({ letter, retriedAs, busy, onRetry, onDiscard }: DeadLetterRowProps) {
  const { t } = useTranslation(['system', 'runs']);
  const { id, error, attempt, finishedAt } = letter;
  const title = letter.title.trim() === '' ? t('runs:untitled') : letter.title;
  return (
    <tr>
      <td>
        <Status status="dead" chip />
      </td>
      <td>
        <Link to="/runs/$runId" params={{ runId: id }} className={classes.title}>
          {title.slice(0, 300)}
        </Link>
      </td>
      <td>
        <span className={classes.error}>{error?.message ?? '–'}</span>
      </td>
      <td data-number>{attempt}</td>
      <td data-number>{finishedAt ? <Ago at={finishedAt} /> : '–'}</td>
      <td>
        {retriedAs === null ? (
          <div className={classes.acts}>
            <Button
              size="compact-sm"
              variant="default"
              loading={busy}
              onClick={onRetry}
              aria-label={t('system:dead.retryNamed', { title: title.slice(0, 80) })}
            >
              {t('system:dead.retry')}
            </Button>
            <Button
              size="compact-sm"
              variant="subtle"
              color="bad"
              onClick={onDiscard}
              aria-label={t('system:dead.discardNamed', { title: title.slice(0, 80) })}
            >
              {t('system:dead.discard')}
            </Button>
          </div>
        ) : (
          <div className={classes.acts} role="status">
            <span>{t('system:dead.retriedAs')}</span>
            <Link to="/runs/$runId" params={{ runId: retriedAs }}>
              {t('system:dead.openNew')}
            </Link>
          </div>
        )}
      </td>
    </tr>
  );
}
