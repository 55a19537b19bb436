import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Status } from '../../../web/parts/status.tsx';
import { Table } from '../../../web/parts/table.tsx';
import type { ReplayOutput } from '../schema.ts';
import classes from './replay.module.css';

/** The first of the runs that a replay means. */
export function RunSample({ runs, total }: { runs: ReplayOutput['sample']; total: number }) {
  const { t } = useTranslation('replay');
  const name =
    total > runs.length ? t('first', { shown: runs.length, total }) : t('allOf', { count: runs.length });
  return (
    <div className={classes.panel}>
      <p>{name}</p>
      <div className={classes.sample}>
        <Table
          name={name}
          head={
            <tr>
              <th>{t('run')}</th>
              <th>{t('status')}</th>
            </tr>
          }
        >
          {runs.map(({ id, title, status }) => (
            <tr key={id}>
              <td>
                <Link to="/runs/$runId" params={{ runId: id }} className={classes.name}>
                  {title.trim() === '' ? id : title}
                </Link>
              </td>
              <td>
                <Status status={status} />
              </td>
            </tr>
          ))}
        </Table>
      </div>
    </div>
  );
}
