import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../contract/audit.ts';
import { useNames } from '../api/names.ts';
import { Ago } from '../parts/ago.tsx';
import { Table } from '../parts/table.tsx';
import { AuditOutcome } from './audit-outcome.tsx';
import { shortId } from './audit-filter.ts';
import classes from './audit.module.css';

interface AuditTableProps {
  readonly entries: readonly AuditEntry[];
  readonly onOpen: (entry: AuditEntry) => void;
}

/** Acts as rows; what was done is the button that opens the details. Narrow screens show each as a block. */
export function AuditTable({ entries, onOpen }: AuditTableProps) {
  const { t } = useTranslation('audit');
  const nameOf = useNames(entries.filter(({ kind }) => kind === 'users').map(({ target }) => target));
  return (
    <div className={classes.list}>
      <Table
        name={t('list')}
        head={
          <tr>
            <th scope="col">{t('when')}</th>
            <th scope="col">{t('who')}</th>
            <th scope="col">{t('what')}</th>
            <th scope="col">{t('onWhat')}</th>
            <th scope="col">{t('outcome')}</th>
            <th scope="col">{t('from')}</th>
          </tr>
        }
      >
        {entries.map((entry) => (
          <AuditRow key={entry.id} entry={entry} name={nameOf(entry.target)} onOpen={() => onOpen(entry)} />
        ))}
      </Table>
    </div>
  );
}

interface AuditRowProps {
  readonly entry: AuditEntry;
  /** What the target is called. */
  readonly name: string;
  readonly onOpen: () => void;
}

function AuditRow({ entry, name, onOpen }: AuditRowProps) {
  const { t } = useTranslation('audit');
  const { by, at, summary, target, address } = entry;
  return (
    <tr>
      <td className={classes.when}>
        <Ago at={at} />
      </td>
      <td>
        <span className={classes.who} dir="auto" title={by.name}>
          {by.name === '' ? t('nobody') : by.name}
        </span>
        {by.keyId !== null && <span className={classes.byKey}>{t('byKey')}</span>}
      </td>
      <td className={classes.what}>
        <button
          type="button"
          className={classes.open}
          aria-label={t('open', { what: summary })}
          onClick={onOpen}
        >
          {summary}
        </button>
      </td>
      <td>
        <span className={classes.target} title={target} dir="auto">
          {name === target ? <code>{shortId(target)}</code> : name}
        </span>
      </td>
      <td>
        <AuditOutcome entry={entry} />
      </td>
      <td className={classes.address}>{address}</td>
    </tr>
  );
}
