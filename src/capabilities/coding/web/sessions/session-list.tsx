import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../../../web/api/me.ts';
import { EmptyState, NothingFound } from '../../../../web/parts/empty-state.tsx';
import { ErrorPanel } from '../../../../web/parts/error-panel.tsx';
import { SkeletonRows } from '../../../../web/parts/skeleton-rows.tsx';
import type { RunList } from '../../../../web/runs/use-run-list.ts';
import classes from '../../../../web/runs/run-list-view.module.css';
import { SessionTable } from './session-table.tsx';

interface SessionListProps {
  readonly list: RunList;
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}

/** The list in each of its states: not there yet, empty, nothing found, failed, filled. */
export function SessionList({ list, isFiltered, onClear }: SessionListProps) {
  const { t } = useTranslation(['sessions', 'runs', 'parts']);
  const { rows, error } = list;
  if (rows === undefined)
    return error ? (
      <ErrorPanel error={error} title={t('sessions:failed')} onRetry={list.retry} />
    ) : (
      <SkeletonRows rows={6} />
    );
  return (
    <>
      {list.fresh > 0 && (
        <button type="button" className={classes.fresh} onClick={list.bringIn}>
          {t('sessions:fresh', { count: list.fresh })}
        </button>
      )}
      <div className={classes.card}>
        {rows.length > 0 && <SessionTable rows={rows} />}
        {rows.length === 0 &&
          list.searching === null &&
          (isFiltered ? <Nothing onClear={onClear} /> : <None />)}
        {list.searching !== null && <SkeletonRows rows={2} />}
      </div>
      {error !== null && <ErrorPanel error={error} title={t('sessions:failed')} onRetry={list.retry} />}
      {rows.length > 0 && (
        <div className={classes.foot}>
          <span>{t('sessions:shown', { count: rows.length })}</span>
          {list.hasMore && list.searching === null && (
            <Button variant="default" loading={list.isLoadingMore} onClick={list.loadMore}>
              {t('runs:loadMore')}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function Nothing({ onClear }: { onClear: () => void }) {
  const { t } = useTranslation(['sessions', 'parts']);
  return (
    <NothingFound
      title={t('sessions:nothing')}
      action={
        <Button variant="default" onClick={onClear}>
          {t('parts:clearFilters')}
        </Button>
      }
    />
  );
}

function None() {
  const { t } = useTranslation('sessions');
  const mayStart = useMay('member');
  if (!mayStart) return <EmptyState title={t('empty.title')} text={t('empty.viewer')} />;
  return (
    <EmptyState
      title={t('empty.title')}
      text={t('empty.text')}
      command='gantry session --repo . --goal "Retry failed deliveries"'
    />
  );
}
