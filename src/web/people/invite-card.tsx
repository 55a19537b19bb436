import { Button, Select } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NewInvitation } from '../../contract/invitation.ts';
import { roles, type Role } from '../../contract/role.ts';
import { post } from '../api/client.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { TextField } from '../parts/text-field.tsx';
import { useFields } from '../parts/use-fields.ts';
import { accountChecks } from '../sign-in/checks.ts';
import { InvitationLink } from './invitation-link.tsx';
import classes from './people.module.css';

/** An address and a role; what comes of it is a link to hand over. */
export function InviteCard() {
  const { t } = useTranslation(['shell', 'people', 'account', 'signIn']);
  const queries = useQueryClient();
  const [role, setRole] = useState<Role>('member');
  const [made, setMade] = useState<NewInvitation>();
  const { setForm, ...fields } = useFields({ email: '' }, { email: accountChecks(t).email });
  const invite = useMutation({
    mutationFn: ({ email }: { email: string }) => post<NewInvitation>('/invitations', { email, role }),
    onSuccess: (invitation) => {
      setMade(invitation);
      fields.reset();
      return queries.invalidateQueries({ queryKey: ['invitations'] });
    },
    onError: fields.refuse,
  });
  return (
    <Card title={t('people:invite.title')} note={t('people:invite.note')} flush>
      {made && <InvitationLink made={made} onDone={() => setMade(undefined)} />}
      <div className={classes.pad}>
        {invite.error && !fields.owns(invite.error) && <ErrorPanel error={invite.error} />}
        <form
          ref={setForm}
          className={classes.form}
          noValidate
          onSubmit={fields.onSubmit((typed) => invite.mutate(typed))}
        >
          <TextField
            label={t('people:invite.email')}
            type="email"
            autoComplete="off"
            inputWrapperOrder={['label', 'error', 'input']}
            {...fields.bind('email')}
          />
          <Select
            w={128}
            label={t('people:invite.role')}
            data={roles.map((value) => ({ value, label: t(`account:roles.${value}`) }))}
            value={role}
            allowDeselect={false}
            onChange={(value) => setRole(roles.find((each) => each === value) ?? 'member')}
          />
          <Button type="submit" loading={invite.isPending}>
            {t('people:invite.submit')}
          </Button>
        </form>
        <p className={classes.hint}>{t(`people:invite.hint.${role}`)}</p>
      </div>
    </Card>
  );
}
