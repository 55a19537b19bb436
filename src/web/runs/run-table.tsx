import { Checkbox } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../contract/run.ts';
import { useMe } from '../api/me.ts';
import { useNames } from '../api/names.ts';
import { RunRow } from './run-row.tsx';
import classes from './run-table.module.css';
import type { Selection } from './use-selection.ts';

interface RunTableProps {
  readonly rows: readonly RunSummary[];
  /** Undefined for who can do nothing with one. */
  readonly selection: Selection | undefined;
}

/** The runs as a table, or as a list on narrow screens. */
export function RunTable({ rows, selection }: RunTableProps) {
  const { t } = useTranslation('runs');
  const me = useMe();
  const nameOf = useNames(rows.flatMap((run) => [run.userId, run.paused?.by ?? null]));
  const all = selection !== undefined && rows.every((run) => selection.ids.has(run.id));
  const some = selection !== undefined && selection.ids.size > 0 && !all;
  return (
    <table className={classes.table} aria-label={t('title')}>
      <thead>
        <tr>
          {selection && (
            <th className={classes.select}>
              <Checkbox
                size="xs"
                checked={all}
                indeterminate={some}
                aria-label={t('selectAll')}
                onChange={() => selection.set(all ? [] : rows.map((run) => run.id))}
              />
            </th>
          )}
          <th className={classes.status}>{t('columns.status')}</th>
          <th className={classes.run}>{t('columns.run')}</th>
          <th className={classes.kind}>{t('columns.kind')}</th>
          <th className={classes.on}>{t('columns.on')}</th>
          <th className={classes.by}>{t('columns.by')}</th>
          <th className={classes.id}>{t('columns.id')}</th>
          <th className={classes.started} data-number aria-sort="descending">
            {t('columns.started')}
            <IconArrowDown size={12} stroke={2} aria-hidden="true" />
          </th>
          <th className={classes.took} data-number>
            {t('columns.took')}
          </th>
          <th className={classes.cost} data-number>
            {t('columns.cost')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((run) => (
          <RunRow
            key={run.id}
            run={run}
            me={me}
            nameOf={nameOf}
            selected={selection && selection.ids.has(run.id)}
            onSelect={selection?.toggle ?? ignore}
          />
        ))}
      </tbody>
    </table>
  );
}

const ignore = () => undefined;
