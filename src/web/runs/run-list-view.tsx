import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RunCount } from '../../contract/run-filter.ts';
import { useMay } from '../api/me.ts';
import { countText } from '../format/amount.ts';
import { shortTime } from '../format/time.ts';
import { EmptyState, NothingFound } from '../parts/empty-state.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { LiveSquare, StatusWord } from '../parts/status.tsx';
import { mostFresh } from './list-pages.ts';
import classes from './run-list-view.module.css';
import { RunTable } from './run-table.tsx';
import type { RunList } from './use-run-list.ts';
import type { Selection } from './use-selection.ts';

interface RunListViewProps {
  readonly list: RunList;
  readonly all: RunCount | undefined;
  readonly selection: Selection | undefined;
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}

/** The list in each of its states: not there yet, empty, nothing found, failed, filled. */
export function RunListView({ list, all, selection, isFiltered, onClear }: RunListViewProps) {
  const { t } = useTranslation(['runs', 'parts']);
  const { rows, error, searching } = list;
  if (rows === undefined) {
    return error ? (
      <ErrorPanel error={error} title={t('runs:failed')} onRetry={list.retry} />
    ) : (
      <div className={classes.card}>
        <SkeletonRows rows={10} />
      </div>
    );
  }
  const isEmpty = rows.length === 0 && searching === null && !error;
  return (
    <>
      {list.fresh > 0 && (
        <button type="button" className={classes.fresh} onClick={list.bringIn}>
          {t(list.fresh < mostFresh ? 'runs:fresh' : 'runs:freshMany', { count: list.fresh })}
        </button>
      )}
      <div className={classes.card}>
        {rows.length > 0 && <RunTable rows={rows} selection={selection} />}
        {isEmpty && !isFiltered && <NoRuns />}
        {isEmpty && isFiltered && (
          <NothingFound
            title={t('runs:nothing')}
            action={
              <Button variant="default" onClick={onClear}>
                {t('parts:clearFilters')}
              </Button>
            }
          />
        )}
        {searching !== null && (
          <div className={classes.searching} role="status">
            <StatusWord tone="live" icon={<LiveSquare />}>
              {t('runs:searching', { date: shortTime(searching) })}
            </StatusWord>
          </div>
        )}
      </div>
      {error !== null && <ErrorPanel error={error} title={t('runs:failed')} onRetry={list.retry} />}
      {rows.length > 0 && <Foot list={list} all={all} isFiltered={isFiltered} />}
    </>
  );
}

function Foot({ list, all, isFiltered }: Pick<RunListViewProps, 'list' | 'all' | 'isFiltered'>) {
  const { t } = useTranslation('runs');
  const shown = list.rows?.length ?? 0;
  const total = all && (all.exact ? countText(all.count) : t('atLeast', { figure: countText(all.count) }));
  const counted = list.hasMore && !isFiltered && total !== undefined;
  return (
    <div className={classes.foot}>
      <span>
        {counted ? t('shownOf', { shown: countText(shown), all: total }) : t('shown', { count: shown })}
      </span>
      {list.hasMore && list.searching === null && (
        <Button variant="default" loading={list.isLoadingMore} onClick={list.loadMore}>
          {t('loadMore')}
        </Button>
      )}
    </div>
  );
}

function NoRuns() {
  const { t } = useTranslation('runs');
  const mayStart = useMay('member');
  if (!mayStart) return <EmptyState title={t('empty.title')} text={t('empty.viewer')} />;
  return (
    <EmptyState
      title={t('empty.title')}
      text={t('empty.text')}
      command={t('empty.command')}
      actions={
        <Button renderRoot={(props) => <Link to="/playground" {...props} />}>{t('empty.action')}</Button>
      }
    />
  );
}
