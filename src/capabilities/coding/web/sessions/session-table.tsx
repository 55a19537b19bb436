import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../../../contract/run.ts';
import { useMe } from '../../../../web/api/me.ts';
import { useNames } from '../../../../web/api/names.ts';
import { SessionRow } from './session-row.tsx';
import classes from './sessions.module.css';
import { useStandings } from './use-standings.ts';

/** The sessions as a table, or as a list on narrow screens. */
export function SessionTable({ rows }: { rows: readonly RunSummary[] }) {
  const { t } = useTranslation('sessions');
  const me = useMe();
  const nameOf = useNames(rows.map((run) => run.userId));
  const standings = useStandings(rows);
  const columns = ['status', 'goal', 'repository', 'phase', 'commits', 'pull', 'cost', 'started'] as const;
  return (
    <table className={classes.table} aria-label={t('title')}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} className={classes[column]}>
              {t(`columns.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((run) => (
          <SessionRow key={run.id} {...{ run, me, nameOf }} standing={standings.get(run.id)} />
        ))}
      </tbody>
    </table>
  );
}
