import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DatabaseView, RetentionRun } from '../../contract/system.ts';
import { post } from '../api/client.ts';
import { shortTime } from '../format/time.ts';
import { Card } from '../parts/card.tsx';
import { Confirm } from '../parts/confirm.tsx';
import classes from './overview.module.css';

/** How long runs are kept, and what goes next. */
export function RetentionCard({ retention }: { retention: DatabaseView['retention'] }) {
  const { t } = useTranslation('system');
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const expire = useMutation({
    mutationFn: () => post<RetentionRun>('/system/retention/run'),
    onSettled: () => client.invalidateQueries({ queryKey: ['system', 'database'] }),
  });
  const { days, due, next } = retention;
  const { data } = expire;
  return (
    <Card
      title={t('database.retention')}
      actions={
        due > 0 && (
          <Button size="compact-sm" variant="default" c="bad" onClick={() => setAsking(true)}>
            {t('database.deleteNow')}
          </Button>
        )
      }
    >
      <p className={classes.plain}>
        {days === 0 ? t('database.keepsAll') : t('database.keepsDays', { count: days })}{' '}
        {days > 0 && (due > 0 ? t('database.due', { count: due }) : t('database.dueNone'))}{' '}
        {next && t('database.next', { date: shortTime(next) })}
      </p>
      {data && (
        <p className={classes.note} role="status">
          {t(data.more ? 'database.deletedMore' : 'database.deleted', { count: data.deleted })}
        </p>
      )}
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('database.askTitle', { count: due })}
        text={t('database.askText')}
        action={t('database.askAction')}
        keep={t('database.askKeep')}
        onConfirm={() => expire.mutateAsync()}
      />
    </Card>
  );
}
