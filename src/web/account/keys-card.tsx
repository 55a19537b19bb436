import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKey, NewApiKey } from '../../contract/api-key.ts';
import type { User } from '../../contract/user.ts';
import { get } from '../api/client.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import classes from './account.module.css';
import { KeyOnce } from './key-once.tsx';
import { KeyTable } from './key-table.tsx';
import { NewKeyForm } from './new-key-form.tsx';

/** One's API keys: made here, shown once, revoked. */
export function KeysCard({ user }: { user: User }) {
  const { t } = useTranslation('account');
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<NewApiKey>();
  const list = useQuery({
    queryKey: ['keys', user.id],
    queryFn: ({ signal }) => get<{ items: ApiKey[] }>('/keys', { userId: user.id, limit: 200 }, signal),
  });
  const items = list.data?.items ?? [];
  const actions = !making && (
    <Button variant="default" size="compact-sm" h={26} onClick={() => setMaking(true)}>
      {t('keys.make')}
    </Button>
  );
  const finish = (key: NewApiKey) => {
    setMade(key);
    setMaking(false);
  };
  return (
    <Card title={t('keys.title')} note={t('keys.note')} actions={actions} flush>
      {made && <KeyOnce made={made} onDone={() => setMade(undefined)} />}
      {making && <NewKeyForm user={user} onDone={finish} onCancel={() => setMaking(false)} />}
      {list.error && <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <SkeletonRows rows={2} />}
      {list.data && items.length === 0 && (
        <p className={`${classes.note} ${classes.pad}`}>{t('keys.none')}</p>
      )}
      {items.length > 0 && <KeyTable items={items} userId={user.id} />}
    </Card>
  );
}
