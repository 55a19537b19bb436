import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RunFilterInput } from '../../contract/run-filter.ts';
import { queryText } from '../api/client.ts';

/** All runs that the filter means, as a file. */
export function ExportMenu({ params }: { params: RunFilterInput }) {
  const { t } = useTranslation('runs');
  const address = (format: 'csv' | 'json') => `/api/v1/runs/export${queryText({ ...params, format })}`;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} stroke={1.75} aria-hidden="true" />}>
          {t('export.button')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={address('csv')} download>
          {t('export.csv')}
        </Menu.Item>
        <Menu.Item component="a" href={address('json')} download>
          {t('export.json')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
