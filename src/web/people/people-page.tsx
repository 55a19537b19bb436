import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { User } from '../../contract/user.ts';
import { get } from '../api/client.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { InvitationsCard } from './invitations-card.tsx';
import { InviteCard } from './invite-card.tsx';
import { PeopleTable } from './people-table.tsx';

/** `/people`, for admins: who may come in, as what, and how. */
export default function PeoplePage() {
  const { t } = useTranslation('people');
  const list = useQuery({
    queryKey: ['users'],
    queryFn: ({ signal }) => allUsers(signal),
    refetchInterval: 30_000,
  });
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Card title={t('users')} note={list.data && t('count', { count: list.data.length })} flush>
        {list.error && <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />}
        {list.isPending && <SkeletonRows />}
        {list.data && <PeopleTable people={list.data} />}
      </Card>
      <InviteCard />
      <InvitationsCard />
    </Page>
  );
}

interface UserPage {
  readonly items: readonly User[];
  readonly next: string | null;
}

async function allUsers(signal: AbortSignal): Promise<readonly User[]> {
  const found: User[] = [];
  let cursor: string | null = null;
  do {
    const page: UserPage = await get('/users', { limit: 200, cursor }, signal);
    found.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return found;
}
