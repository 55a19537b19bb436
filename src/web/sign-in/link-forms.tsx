import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { useFields } from '../parts/use-fields.ts';
import { callAuth } from './auth-client.ts';
import { accountChecks } from './checks.ts';
import classes from './form.module.css';
import { Heading } from './heading.tsx';

interface LinkFormProps {
  readonly token: string;
  readonly name: string;
  readonly email: string;
  readonly onDone: () => void;
}

/** A button in place of the link itself, because programs that preview addresses open those. */
export function TakeForm({ token, name, email, onDone }: LinkFormProps) {
  const { t } = useTranslation('signIn');
  const attempt = useMutation({
    mutationFn: () => callAuth('sign-in/link', { token }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    attempt.mutate();
  };
  return (
    <>
      <Heading title={t('take.title', { name })}>{t('take.text', { email })}</Heading>
      <form className={classes.form} onSubmit={submit}>
        {attempt.error && <ErrorPanel error={attempt.error} />}
        <Button type="submit" size="md" loading={attempt.isPending}>
          {t('take.submit')}
        </Button>
      </form>
    </>
  );
}

/** A new password for who has lost theirs. */
export function ResetForm({ token, email, onDone }: LinkFormProps) {
  const { t } = useTranslation(['shell', 'signIn']);
  const { setForm, ...fields } = useFields(
    { password: '' },
    { password: accountChecks(t).password },
    'password',
  );
  const attempt = useMutation({
    mutationFn: (typed: { password: string }) => callAuth('sign-in/link', { token, ...typed }),
    onSuccess: onDone,
    onError: fields.refuse,
  });
  return (
    <>
      <Heading title={t('signIn:reset.title')}>{t('signIn:reset.text', { email })}</Heading>
      <form
        ref={setForm}
        className={classes.form}
        noValidate
        onSubmit={fields.onSubmit((typed) => attempt.mutate(typed))}
      >
        {attempt.error && !fields.owns(attempt.error) && <ErrorPanel error={attempt.error} />}
        <input className="g-hidden" type="email" autoComplete="username" value={email} readOnly hidden />
        <PasswordField
          size="md"
          label={t('signIn:newPassword')}
          description={t('signIn:passwordHint')}
          autoComplete="new-password"
          {...fields.bind('password')}
        />
        <Button type="submit" size="md" loading={attempt.isPending}>
          {t('signIn:reset.submit')}
        </Button>
      </form>
    </>
  );
}
