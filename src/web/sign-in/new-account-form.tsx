import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { TextField } from '../parts/text-field.tsx';
import { useFields } from '../parts/use-fields.ts';
import { accountChecks } from './checks.ts';
import classes from './form.module.css';

export interface NewAccount {
  readonly name: string;
  readonly email?: string;
  readonly password: string;
}

interface NewAccountFormProps {
  readonly submit: string;
  /** The address that a link has decided already; it is shown and sent along by nobody. */
  readonly knownEmail?: string | undefined;
  create(account: NewAccount): Promise<unknown>;
  readonly onDone: () => void;
}

/** Name, address and password of an account that begins here. */
export function NewAccountForm({ submit, knownEmail, create, onDone }: NewAccountFormProps) {
  const { t } = useTranslation(['shell', 'signIn']);
  const { name, email, password } = accountChecks(t);
  const { setForm, ...fields } = useFields(
    { name: '', email: knownEmail ?? '', password: '' },
    { name, password, ...(knownEmail === undefined && { email }) },
    'name',
  );
  const attempt = useMutation({
    mutationFn: (typed: Required<NewAccount>) =>
      create(knownEmail === undefined ? typed : { name: typed.name, password: typed.password }),
    onSuccess: onDone,
    onError: fields.refuse,
  });
  return (
    <form
      ref={setForm}
      className={classes.form}
      noValidate
      onSubmit={fields.onSubmit((typed) => attempt.mutate(typed))}
    >
      {attempt.error && !fields.owns(attempt.error) && <ErrorPanel error={attempt.error} />}
      <TextField size="md" label={t('signIn:name')} autoComplete="name" {...fields.bind('name')} />
      <TextField
        size="md"
        label={t('signIn:email')}
        type="email"
        autoComplete="username"
        readOnly={knownEmail !== undefined}
        {...fields.bind('email')}
      />
      <PasswordField
        size="md"
        label={t('signIn:password')}
        description={t('signIn:passwordHint')}
        autoComplete="new-password"
        {...fields.bind('password')}
      />
      <Button type="submit" size="md" loading={attempt.isPending}>
        {submit}
      </Button>
    </form>
  );
}
