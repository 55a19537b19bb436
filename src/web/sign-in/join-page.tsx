import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InvitationLook } from '../../contract/invitation.ts';
import { post } from '../api/client.ts';
import { Drawing } from '../parts/drawing.tsx';
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
  const look = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => post<InvitationLook>('/invitations/look', { token: token.slice(0, 200) }),
    enabled: token !== '',
    refetchOnWindowFocus: false,
    staleTime: Infinity,
  });
  const role = token === '' ? 'viewer' : look.data?.role;
  const aside = (
    <>
      <Drawing />
      <p className={classes.about}>{role ? t(`join.roles.${role}`) : t('about')}</p>
    </>
  );
  return (
    <EntryLayout asideName={t(role ? 'join.may' : 'aside')} aside={aside}>
      {token === '' && <OpenDoor />}
      {look.error && <ErrorPanel error={look.error} onRetry={() => void look.refetch()} />}
      {look.data && <Invited look={look.data} token={token} />}
    </EntryLayout>
  );
}

function Invited({ look, token }: { look: InvitationLook; token: string }) {
  const { t } = useTranslation('signIn');
  const { state, invitedBy, role, email } = look;
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
