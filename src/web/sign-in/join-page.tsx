import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InvitationLook } from '../../contract/invitation.ts';
import { roles } from '../../contract/user.ts';
import { post } from '../api/client.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { callAuth, enter } from './auth-client.ts';
import { Ended } from './ended.tsx';
import { EntryLayout } from './entry-layout.tsx';
import classes from './form.module.css';
import { Heading } from './heading.tsx';
import { NewAccountForm } from './new-account-form.tsx';
import { useInstance } from './use-instance.ts';

/** `/join?token=...`, where invitations lead; without one, where anyone signs up if the setting is open. */
export default function JoinPage() {
  const { t } = useTranslation('signIn');
  const [token] = useState(() => new URLSearchParams(location.search).get('token') ?? '');
  return (
    <EntryLayout asideName={t('join.may')} aside={<WhatRolesMay />}>
      {token === '' ? <OpenDoor /> : <Invited token={token} />}
    </EntryLayout>
  );
}

function Invited({ token }: { token: string }) {
  const { t } = useTranslation('signIn');
  const look = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => post<InvitationLook>('/invitations/look', { token: token.slice(0, 200) }),
    refetchOnWindowFocus: false,
    staleTime: Infinity,
  });
  if (look.error) return <ErrorPanel error={look.error} onRetry={() => void look.refetch()} />;
  if (!look.data) return null;
  const { state, invitedBy, role, email } = look.data;
  if (state !== 'open') return <Ended title={t(`join.${state}`)} text={t(`join.${state}Text`)} />;
  return (
    <>
      <Heading title={t('join.title')}>
        {t(invitedBy === null ? 'join.textNobody' : 'join.text', { invitedBy, role, email })}
      </Heading>
      <NewAccountForm
        submit={t('join.submit')}
        knownEmail={email ?? undefined}
        create={(account) => callAuth('sign-up/email', { ...account, invitation: token })}
        onDone={() => enter('/')}
      />
    </>
  );
}

function OpenDoor() {
  const { t } = useTranslation('signIn');
  const { data: instance, error } = useInstance();
  if (error) return <ErrorPanel error={error} />;
  if (!instance) return null;
  if (!instance.openRegistration) return <Ended title={t('join.closed')} text={t('join.closedText')} />;
  return (
    <>
      <Heading title={t('join.title')}>{t('join.openText')}</Heading>
      <NewAccountForm
        submit={t('join.submit')}
        create={(account) => callAuth('sign-up/email', account)}
        onDone={() => enter('/')}
      />
      <p className={classes.note}>
        {t('haveAccount')} <Link to="/sign-in">{t('submit')}</Link>
      </p>
    </>
  );
}

function WhatRolesMay() {
  const { t } = useTranslation('signIn');
  return (
    <>
      <h2>{t('join.may')}</h2>
      {roles.map((role) => (
        <p key={role} className={classes.note}>
          {t(`join.roles.${role}`)}
        </p>
      ))}
    </>
  );
}
