import { Button, Checkbox } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '../../contract/user.ts';
import { PasswordField } from '../parts/password-field.tsx';
import { TextField } from '../parts/text-field.tsx';
import { useFields } from '../parts/use-fields.ts';
import { callAuth } from './auth-client.ts';
import { accountChecks } from './checks.ts';
import classes from './form.module.css';
import { SignInProblem } from './sign-in-problem.tsx';

interface SignInFormProps {
  /** Whose address is known already. */
  readonly email?: string | undefined;
  readonly onDone: (user: User | null) => void;
}

/** E-mail address and password; says what is wrong, and keeps what was typed. */
export function SignInForm({ email = '', onDone }: SignInFormProps) {
  const { t } = useTranslation(['shell', 'signIn']);
  const [remember, setRemember] = useState(true);
  const checks = accountChecks(t);
  const { setForm, ...fields } = useFields(
    { email, password: '' },
    { email: checks.email, password: checks.typed },
    email === '' ? 'email' : 'password',
  );
  const attempt = useMutation({
    mutationFn: (typed: { email: string; password: string }) =>
      callAuth('sign-in/email', { ...typed, rememberMe: remember }),
    onSuccess: ({ user }) => onDone(user),
  });
  return (
    <form
      ref={setForm}
      className={classes.form}
      noValidate
      onSubmit={fields.onSubmit((typed) => attempt.mutate(typed))}
    >
      {attempt.error && <SignInProblem key={attempt.submittedAt} error={attempt.error} />}
      <TextField
        size="md"
        label={t('signIn:email')}
        type="email"
        autoComplete="username"
        {...fields.bind('email')}
      />
      <PasswordField
        size="md"
        label={t('signIn:password')}
        autoComplete="current-password"
        data-autofocus={email !== '' || undefined}
        {...fields.bind('password')}
      />
      <Checkbox
        label={t('signIn:remember')}
        checked={remember}
        onChange={(event) => setRemember(event.currentTarget.checked)}
      />
      <Button type="submit" size="md" loading={attempt.isPending}>
        {t('signIn:submit')}
      </Button>
    </form>
  );
}
