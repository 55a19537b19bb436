import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SignInLinkLook } from '../../contract/sign-in.ts';
import { post } from '../api/client.ts';
import { Drawing } from '../parts/drawing.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { callAuth, enter } from './auth-client.ts';
import { Ended } from './ended.tsx';
import { EntryLayout } from './entry-layout.tsx';
import classes from './form.module.css';
import { Heading } from './heading.tsx';
import { NewAccountForm } from './new-account-form.tsx';
import { NextSteps } from './next-steps.tsx';
import { ResetForm, TakeForm } from './link-forms.tsx';

/** `/welcome?token=...`: a one-time link. Looking at it does not use it; its button does. */
export default function WelcomePage() {
  const { t } = useTranslation('signIn');
  const [token] = useState(() => new URLSearchParams(location.search).get('token') ?? '');
  const link = useQuery({
    queryKey: ['link', token],
    queryFn: () => post<SignInLinkLook>('/sign-in-links/look', { token: token.slice(0, 200) }),
    refetchOnWindowFocus: false,
    staleTime: Infinity,
  });
  const setup = link.data?.purpose === 'setup';
  return (
    <EntryLayout
      asideName={t(setup ? 'next.title' : 'aside')}
      aside={setup ? <NextSteps ready={link.data?.ready ?? null} /> : <About />}
    >
      {link.error && <ErrorPanel error={link.error} onRetry={() => void link.refetch()} />}
      {link.data && <LinkContent look={link.data} token={token} />}
    </EntryLayout>
  );
}

function LinkContent({ look, token }: { look: SignInLinkLook; token: string }) {
  const { t } = useTranslation('signIn');
  const { state, purpose, name, email } = look;
  const done = () => enter('/');
  if (state !== 'open') {
    return (
      <Ended title={t(`linkEnded.${state}`)} text={t(`linkEnded.${state}Text`)} command="gantry users link" />
    );
  }
  if (purpose === 'setup') {
    return (
      <>
        <Heading step={t('setup.step')} title={t('setup.title')}>
          {t('setup.text')}
        </Heading>
        <NewAccountForm
          submit={t('setup.submit')}
          create={(account) => callAuth('sign-in/link', { token, ...account })}
          onDone={done}
        />
      </>
    );
  }
  const Form = purpose === 'reset' ? ResetForm : TakeForm;
  return <Form token={token} name={name ?? ''} email={email ?? ''} onDone={done} />;
}

function About() {
  const { t } = useTranslation('signIn');
  return (
    <>
      <Drawing />
      <p className={classes.about}>{t('about')}</p>
    </>
  );
}
