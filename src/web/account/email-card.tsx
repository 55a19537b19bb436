import { useTranslation } from 'react-i18next';
import type { NotificationState } from '../../contract/notification.ts';
import { Card } from '../parts/card.tsx';
import { ChannelTest } from './channel-test.tsx';
import classes from './notifications.module.css';

/** Mail to the address of the account. */
export function EmailCard({ state }: { state: NotificationState }) {
  const { t } = useTranslation('notify');
  const { configured, address } = state.email;
  return (
    <Card title={t('email.title')}>
      <div className={classes.stack}>
        <p>{configured ? t('email.to', { address }) : t('email.off')}</p>
        {configured && <ChannelTest channel="email" state={state} />}
      </div>
    </Card>
  );
}
