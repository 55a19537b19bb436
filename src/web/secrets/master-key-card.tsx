import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../api/client.ts';
import { exactTime } from '../format/time.ts';
import { Card } from '../parts/card.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Meter } from '../parts/meter.tsx';
import { useRotation } from './secret-queries.ts';
import classes from './secrets.module.css';

/** Under which key secrets are sealed, and the change to another, for admins. */
export function MasterKeyCard() {
  const { t } = useTranslation('secrets');
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const { data, error, refetch } = useRotation();
  const change = async () => {
    await post('/secrets/rotation');
    await queries.invalidateQueries({ queryKey: ['secrets', 'rotation'] });
  };
  if (error && !data) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  const { total, remaining, unreadable, keyId: id, rotation } = data;
  const changing = rotation?.finishedAt === null;
  const words = t('key.sealed', { done: total - remaining, total, id });
  return (
    <Card
      title={t('key.title')}
      actions={
        <Button size="compact-sm" variant="default" disabled={changing} onClick={() => setAsking(true)}>
          {t('key.change')}
        </Button>
      }
    >
      <div className={classes.key}>
        <p>{changing ? t('key.under', { remaining, total }) : words}</p>
        {changing && (
          <div className={classes.meter}>
            <Meter name={t('key.meter')} value={total - remaining} limit={total} words={words} tone="live" />
          </div>
        )}
        {rotation?.finishedAt && (
          <p>{t('key.before', { id: rotation.fromKey, when: exactTime(rotation.finishedAt) })}</p>
        )}
        {unreadable > 0 && <p role="alert">{t('key.unreadable', { count: unreadable })}</p>}
      </div>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('key.askTitle')}
        text={t('key.askText')}
        action={t('key.change')}
        keep={t('key.keep')}
        tone="ink"
        onConfirm={change}
      />
    </Card>
  );
}
