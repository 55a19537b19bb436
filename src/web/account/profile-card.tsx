import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { User } from '../../contract/user.ts';
import { patch } from '../api/client.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { TextField } from '../parts/text-field.tsx';
import { toast } from '../parts/toast.ts';
import { useFields } from '../parts/use-fields.ts';
import { accountChecks } from '../sign-in/checks.ts';
import classes from './account.module.css';

/** Name and address, which everyone changes for themselves. */
export function ProfileCard({ user }: { user: User }) {
  const { t } = useTranslation(['shell', 'account', 'signIn']);
  const queries = useQueryClient();
  const { name, email } = accountChecks(t);
  const { setForm, ...fields } = useFields({ name: user.name, email: user.email }, { name, email });
  const save = useMutation({
    mutationFn: (typed: { name: string; email: string }) => patch<User>(`/users/${user.id}`, typed),
    onSuccess: () => {
      toast(t('account:profile.saved'));
      return queries.invalidateQueries({ queryKey: ['me'] });
    },
    onError: fields.refuse,
  });
  const role = t(`account:roles.${user.role}`);
  return (
    <Card title={t('account:profile.title')} note={t('account:profile.role', { role })}>
      <form
        ref={setForm}
        className={classes.fields}
        noValidate
        onSubmit={fields.onSubmit((typed) => save.mutate(typed))}
      >
        {save.error && !fields.owns(save.error) && <ErrorPanel error={save.error} />}
        <TextField label={t('signIn:name')} autoComplete="name" {...fields.bind('name')} />
        <TextField label={t('signIn:email')} type="email" autoComplete="email" {...fields.bind('email')} />
        <Button type="submit" variant="default" loading={save.isPending}>
          {t('account:profile.save')}
        </Button>
      </form>
    </Card>
  );
}
