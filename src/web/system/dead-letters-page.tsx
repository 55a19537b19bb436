import { Button, Switch, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../parts/card.tsx';
import { EmptyState, NothingFound } from '../parts/empty-state.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { DeadLetterTable } from './dead-letter-table.tsx';
import classes from './dead-letters.module.css';
import { RetryAll } from './retry-all.tsx';
import { RetryOutcome } from './retry-outcome.tsx';
import { SystemLayout } from './system-layout.tsx';
import { useDeadLetters, useRetry } from './use-dead-letters.ts';

const pageSize = 50;

/** All runs that failed on every attempt, to be retried or discarded. */
export default function DeadLettersPage() {
  const { t } = useTranslation('system');
  const [q, setQ] = useState('');
  const [all, setAll] = useState(false);
  const [asked] = useDebouncedValue(q, 300);
  const list = useDeadLetters({ q: asked, all, limit: pageSize });
  const retrying = useRetry();
  const letters = list.data?.pages.flatMap(({ items }) => items);
  const open = letters?.filter(({ id, retriedAs }) => !retriedAs && !retrying.outcome?.started.has(id)) ?? [];
  return (
    <SystemLayout
      title={t('dead.title')}
      lead={t('dead.lead')}
      actions={open.length > 0 && <RetryAll ids={open.map(({ id }) => id)} onRetry={retrying.retry} />}
    >
      <div className={classes.filters}>
        <TextInput
          className={classes.search}
          aria-label={t('dead.search')}
          placeholder={t('dead.search')}
          value={q}
          onChange={(event) => setQ(event.currentTarget.value)}
        />
        <Switch
          label={t('dead.showRetried')}
          checked={all}
          onChange={(event) => setAll(event.currentTarget.checked)}
        />
      </div>
      {list.error && <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />}
      {!letters && !list.error && <SkeletonRows rows={8} />}
      {letters?.length === 0 &&
        (asked === '' ? (
          <EmptyState title={t('dead.none')} text={t('dead.noneText')} command="gantry runs --status dead" />
        ) : (
          <NothingFound title={t('dead.nothing')} />
        ))}
      {letters && letters.length > 0 && (
        <Card flush>
          {retrying.outcome && (
            <RetryOutcome outcome={retrying.outcome} onClose={() => retrying.setOutcome(null)} />
          )}
          <DeadLetterTable letters={letters} retrying={retrying} />
        </Card>
      )}
      {list.hasNextPage && (
        <Button
          variant="default"
          className={classes.more}
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t('events.older')}
        </Button>
      )}
    </SystemLayout>
  );
}
