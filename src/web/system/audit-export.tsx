import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNow } from '../live/clock.ts';
import { exportAddress, type AuditFilters } from './audit-filter.ts';

/** Downloads all that the filters mean. */
export function AuditExport({ filters }: { filters: AuditFilters }) {
  const { t } = useTranslation('audit');
  const now = useNow();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} stroke={1.75} aria-hidden="true" />}>
          {t('export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={exportAddress(filters, 'csv', now)} download>
          {t('exportCsv')}
        </Menu.Item>
        <Menu.Item component="a" href={exportAddress(filters, 'json', now)} download>
          {t('exportJson')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
