import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Card } from '../parts/card.tsx';
import { NothingFound } from '../parts/empty-state.tsx';
import { DeadLetterTable } from './dead-letter-table.tsx';
import { RetryAll } from './retry-all.tsx';
import { RetryOutcome } from './retry-outcome.tsx';
import { useDeadLetters, useRetry } from './use-dead-letters.ts';

const shown = 5;

/** The latest dead letters on the overview; all of them have a page. */
export function DeadLettersCard({ dead, retentionDays }: { dead: number; retentionDays: number }) {
  const { t } = useTranslation('system');
  const { data } = useDeadLetters({ q: '', all: false, limit: shown });
  const retrying = useRetry();
  const letters = data?.pages.flatMap(({ items }) => items) ?? [];
  const note = retentionDays === 0 ? t('dead.noteEver') : t('dead.note', { days: retentionDays });
  return (
    <Card
      title={t('dead.title')}
      note={note}
      flush
      actions={letters.length > 0 && <RetryAll ids={letters.map(({ id }) => id)} onRetry={retrying.retry} />}
      footer={
        dead > letters.length && letters.length > 0 ? (
          <Link to="/system/dead-letters">{t('dead.seeAll', { count: dead })}</Link>
        ) : undefined
      }
    >
      {retrying.outcome && (
        <RetryOutcome outcome={retrying.outcome} onClose={() => retrying.setOutcome(null)} />
      )}
      {letters.length > 0 && <DeadLetterTable letters={letters} retrying={retrying} />}
      {data && letters.length === 0 && <NothingFound title={t('dead.none')} />}
    </Card>
  );
}
