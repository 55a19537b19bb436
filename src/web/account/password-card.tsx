import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { User } from '../../contract/user.ts';
import { Card } from '../parts/card.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { toast } from '../parts/toast.ts';
import { useFields } from '../parts/use-fields.ts';
import { callAuth } from '../sign-in/auth-client.ts';
import { accountChecks } from '../sign-in/checks.ts';
import { SignInProblem } from '../sign-in/sign-in-problem.tsx';
import classes from './account.module.css';

/** Changing it asks for the one before; whoever came by a link chooses the first. */
export function PasswordCard({ user }: { user: User }) {
  const { t } = useTranslation(['shell', 'account', 'signIn']);
  const queries = useQueryClient();
  const { password, typed } = accountChecks(t);
  const { setForm, ...fields } = useFields(
    { currentPassword: '', newPassword: '' },
    { newPassword: password, ...(user.hasPassword && { currentPassword: typed }) },
  );
  const change = useMutation({
    mutationFn: ({ currentPassword, newPassword }: typeof fields.values) =>
      callAuth('change-password', { newPassword, ...(user.hasPassword && { currentPassword }) }),
    onSuccess: () => {
      toast(t('account:password.saved'));
      fields.reset();
      return queries.invalidateQueries();
    },
    onError: fields.refuse,
  });
  return (
    <Card title={t('account:password.title')} note={t('account:password.note')}>
      <form
        ref={setForm}
        className={classes.fields}
        noValidate
        onSubmit={fields.onSubmit((values) => change.mutate(values))}
      >
        {change.error && !fields.owns(change.error) && (
          <SignInProblem key={change.submittedAt} error={change.error} />
        )}
        {!user.hasPassword && <p className={classes.note}>{t('account:password.none')}</p>}
        <input type="email" autoComplete="username" value={user.email} readOnly hidden />
        {user.hasPassword && (
          <PasswordField
            label={t('account:password.current')}
            autoComplete="current-password"
            {...fields.bind('currentPassword')}
          />
        )}
        <PasswordField
          label={t('signIn:newPassword')}
          description={t('signIn:passwordHint')}
          autoComplete="new-password"
          {...fields.bind('newPassword')}
        />
        <Button type="submit" variant="default" loading={change.isPending}>
          {t(user.hasPassword ? 'account:password.save' : 'account:password.choose')}
        </Button>
      </form>
    </Card>
  );
}
