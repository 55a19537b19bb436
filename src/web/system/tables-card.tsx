import { useTranslation } from 'react-i18next';
import type { DatabaseView } from '../../contract/system.ts';
import { formatBytes } from '../../base/format-bytes.ts';
import { shortCountText } from '../format/amount.ts';
import { Card } from '../parts/card.tsx';
import { Meter } from '../parts/meter.tsx';
import { Table } from '../parts/table.tsx';

/** The tables by size. */
export function TablesCard({ tables, all }: { tables: DatabaseView['tables']; all: number }) {
  const { t } = useTranslation('system');
  return (
    <Card title={t('database.tables')} note={t('database.tablesNote')} flush>
      <Table
        name={t('database.tables')}
        head={
          <tr>
            <th>{t('database.table')}</th>
            <th>{t('database.share')}</th>
            <th data-number>{t('database.rows')}</th>
            <th data-number>{t('database.bytes')}</th>
          </tr>
        }
      >
        {tables.map(({ name, bytes, rows }) => (
          <tr key={name}>
            <td>
              <code>{name}</code>
            </td>
            <td style={{ minWidth: 120 }}>
              <Meter name={name} value={bytes} limit={all} words={formatBytes(bytes)} />
            </td>
            <td data-number>{shortCountText(rows)}</td>
            <td data-number>{formatBytes(bytes)}</td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}
