import { IconAlertTriangle, IconBan, IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../contract/audit.ts';
import { StatusWord } from '../parts/status.tsx';
import classes from './audit.module.css';

const icon = { size: 14, stroke: 2.1, 'aria-hidden': true } as const;

/** How an act went: done, refused or failed, with the code that says why. */
export function AuditOutcome({ entry: { code, status } }: { entry: AuditEntry }) {
  const { t } = useTranslation('audit');
  if (code === null) {
    return (
      <StatusWord tone="ok" icon={<IconCheck {...icon} />}>
        {t('done')}
      </StatusWord>
    );
  }
  const failed = status >= 500;
  const Icon = failed ? IconAlertTriangle : IconBan;
  return (
    <span className={classes.refused}>
      <StatusWord tone="bad" icon={<Icon {...icon} />}>
        {t(failed ? 'failed' : 'refused')}
      </StatusWord>
      <code>{code}</code>
    </span>
  );
}
