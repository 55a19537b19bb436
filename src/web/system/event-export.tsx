import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { EventFilterInput } from '../../contract/system.ts';
import { queryText } from '../api/client.ts';

/** All events that match, as a file. */
export function EventExport({ query }: { query: EventFilterInput }) {
  const { t } = useTranslation('system');
  const address = (format: 'csv' | 'json') => `/api/v1/events/export${queryText({ ...query, format })}`;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} stroke={1.75} aria-hidden="true" />}>
          {t('events.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={address('csv')} download>
          {t('events.csv')}
        </Menu.Item>
        <Menu.Item component="a" href={address('json')} download>
          {t('events.json')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
