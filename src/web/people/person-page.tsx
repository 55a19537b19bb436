import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { User } from '../../contract/user.ts';
import { get } from '../api/client.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { PersonKeys } from './person-keys.tsx';
import { PersonSignIns } from './person-sign-ins.tsx';
import { PersonState } from './person-state.tsx';
import { UserLimitsCard } from './user-limits.tsx';

/** `/people/$userId`, for admins: where somebody is signed in, their keys, and what they may use. */
export default function PersonPage() {
  const { t } = useTranslation(['people', 'account']);
  const { userId = '' } = useParams({ strict: false });
  const person = useQuery({
    queryKey: ['users', userId],
    queryFn: ({ signal }) => get<User>(`/users/${encodeURIComponent(userId)}`, undefined, signal),
  });
  const crumbs = <Link to="/people">{t('people:title')}</Link>;
  if (!person.data) {
    return (
      <Page title={t('people:person')} crumbs={crumbs}>
        {person.error && <ErrorPanel error={person.error} onRetry={() => void person.refetch()} />}
        {person.isPending && <SkeletonRows />}
      </Page>
    );
  }
  const { name, email, role } = person.data;
  const lead = (
    <>
      <PersonState person={person.data} />
      <span>{t(`account:roles.${role}`)}</span>
      <span>{email}</span>
    </>
  );
  return (
    <Page title={name} crumbs={crumbs} lead={lead} width="reading">
      <PersonSignIns userId={userId} />
      <PersonKeys userId={userId} />
      <UserLimitsCard userId={userId} name={name} />
    </Page>
  );
}
