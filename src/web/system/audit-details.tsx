import { Button, Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { inert, inertLines } from '../../base/inert.ts';
import type { AuditEntry } from '../../contract/audit.ts';
import { exactTime } from '../format/time.ts';
import type { AuditFilters } from './audit-filter.ts';
import { AuditOutcome } from './audit-outcome.tsx';
import classes from './audit.module.css';

interface AuditDetailsProps {
  readonly entry: AuditEntry | null;
  readonly onClose: () => void;
  readonly onFilter: (filters: AuditFilters) => void;
}

/** All that is known of an act. */
export function AuditDetails({ entry, onClose, onFilter }: AuditDetailsProps) {
  const { t } = useTranslation('audit');
  return (
    <Drawer opened={entry !== null} onClose={onClose} title={entry?.summary ?? t('details')}>
      {entry && <Facts entry={entry} onFilter={onFilter} />}
    </Drawer>
  );
}

function Facts({ entry, onFilter }: { entry: AuditEntry; onFilter: AuditDetailsProps['onFilter'] }) {
  const { t } = useTranslation('audit');
  const { by, at, target, address, operation, status, id, changes } = entry;
  const kept = Object.keys(changes).length > 0;
  return (
    <>
      <dl className={classes.facts}>
        <Fact name={t('outcome')}>
          <AuditOutcome entry={entry} />
        </Fact>
        <Fact name={t('exact')}>{exactTime(at)}</Fact>
        <Fact name={t('who')}>
          <span dir="auto">{by.name === '' ? t('nobody') : by.name}</span>
        </Fact>
        {by.userId !== '' && <Fact name={t('userId')} mono value={by.userId} />}
        {by.keyId !== null && <Fact name={t('key')} mono value={by.keyId} />}
        <Fact name={t('address')} mono value={address} />
        <Fact name={t('operation')} mono value={operation} />
        {target !== '' && <Fact name={t('onWhat')} mono value={target} />}
        <Fact name={t('status')} mono value={String(status)} />
        <Fact name={t('entry')} mono value={id} />
      </dl>
      <h3>{t('changes')}</h3>
      {kept ? (
        <pre className={classes.changes} tabIndex={0} role="region" aria-label={t('changes')}>
          {inertLines(JSON.stringify(changes, null, 2))}
        </pre>
      ) : (
        <p className={classes.dim}>{t('noChanges')}</p>
      )}
      <div className={classes.drawerActions}>
        {by.userId !== '' && (
          <Button variant="default" onClick={() => onFilter({ user: by.userId })}>
            {t('onlyThis')}
          </Button>
        )}
        {target !== '' && (
          <Button variant="default" onClick={() => onFilter({ target })}>
            {t('onlyTarget')}
          </Button>
        )}
      </div>
    </>
  );
}

interface FactProps {
  readonly name: string;
  readonly value?: string;
  readonly mono?: boolean;
  readonly children?: ReactNode;
}

function Fact({ name, value, mono = false, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{mono ? <code>{inert(value ?? '')}</code> : children}</dd>
    </div>
  );
}
