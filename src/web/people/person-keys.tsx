import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '../../contract/api-key.ts';
import { KeyTable } from '../account/key-table.tsx';
import { get } from '../api/client.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import classes from './people.module.css';

/** The API keys of somebody else, for admins; they make none for others here. */
export function PersonKeys({ userId }: { userId: string }) {
  const { t } = useTranslation(['people', 'account']);
  const list = useQuery({
    queryKey: ['keys', userId],
    queryFn: ({ signal }) => get<{ items: ApiKey[] }>('/keys', { userId, limit: 200 }, signal),
  });
  const items = list.data?.items ?? [];
  return (
    <Card title={t('account:keys.title')} flush>
      {list.error && <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && items.length === 0 && (
        <p className={`${classes.note} ${classes.pad}`}>{t('people:noKeys')}</p>
      )}
      {items.length > 0 && <KeyTable items={items} userId={userId} />}
    </Card>
  );
}
