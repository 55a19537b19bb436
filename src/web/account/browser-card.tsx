import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../parts/card.tsx';
import classes from './notifications.module.css';

type Permission = NotificationPermission | 'unsupported';

/** Notices of this browser; it is asked only by a click, and says when it refuses. */
export function BrowserCard() {
  const { t } = useTranslation('notify');
  const [permission, setPermission] = useState<Permission>(permissionNow);
  const ask = async () => setPermission(await Notification.requestPermission());
  const show = () => {
    const notice = new Notification(t('browser.sample'), { body: t('lead'), icon: '/icon.svg' });
    notice.addEventListener('click', () => window.focus());
  };
  return (
    <Card title={t('browser.title')}>
      <div className={classes.stack}>
        <p role="status">{t(`browser.${permission}`)}</p>
        {permission === 'default' && <Button onClick={() => void ask()}>{t('browser.allow')}</Button>}
        {permission === 'granted' && (
          <Button variant="default" onClick={show}>
            {t('browser.show')}
          </Button>
        )}
      </div>
    </Card>
  );
}

function permissionNow(): Permission {
  return 'Notification' in window && window.isSecureContext ? Notification.permission : 'unsupported';
}
