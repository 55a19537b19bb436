import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { NotificationState } from '../../contract/notification.ts';
import type { NotificationChannel, NotificationKind, UserSettings } from '../../contract/settings.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Table } from '../parts/table.tsx';
import { useChangeSettings } from './notification-queries.ts';
import classes from './notifications.module.css';

const kinds: readonly NotificationKind[] = ['waiting', 'failed', 'dead', 'succeeded'];
const channels: readonly NotificationChannel[] = ['browser', 'email', 'webhook'];

/** Of what, by which channel; kept as soon as it is chosen. */
export function WhatCard({ values, state }: { values: UserSettings; state: NotificationState }) {
  const { t } = useTranslation('notify');
  const change = useChangeSettings();
  const { notifications } = values;
  const toggle = (kind: NotificationKind, channel: NotificationChannel, on: boolean) => {
    const others = (notifications[kind] ?? []).filter((each) => each !== channel);
    change.mutate({ notifications: { ...notifications, [kind]: on ? [...others, channel] : others } });
  };
  return (
    <Card title={t('what.title')} note={t('what.note')} flush>
      {change.error && <ErrorPanel error={change.error} />}
      <Table
        name={t('what.title')}
        head={
          <tr>
            <th scope="col">{t('what.kind')}</th>
            {channels.map((channel) => (
              <th key={channel} scope="col" className={classes.choice}>
                {t(`channels.${channel}`)}
              </th>
            ))}
          </tr>
        }
      >
        {kinds.map((kind) => (
          <tr key={kind}>
            <td>{t(`kinds.${kind}`)}</td>
            {channels.map((channel) => (
              <td key={channel} className={classes.choice}>
                <Checkbox
                  size="sm"
                  aria-label={t('what.of', { kind: t(`kinds.${kind}`), channel: t(`channels.${channel}`) })}
                  checked={notifications[kind]?.includes(channel) ?? false}
                  onChange={(event) => toggle(kind, channel, event.currentTarget.checked)}
                />
              </td>
            ))}
          </tr>
        ))}
      </Table>
      <p className={classes.foot}>
        {t('limit', { count: state.perHour })} {!state.links && t('noLinks')}
      </p>
    </Card>
  );
}
