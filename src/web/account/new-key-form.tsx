import { Select } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NewApiKey } from '../../contract/api-key.ts';
import { atLeast, roles } from '../../contract/role.ts';
import type { User } from '../../contract/user.ts';
import { newKey, post } from '../api/client.ts';
import { FormButtons } from '../parts/form-buttons.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { TextField } from '../parts/text-field.tsx';
import { useFields } from '../parts/use-fields.ts';
import classes from './account.module.css';

interface NewKeyFormProps {
  readonly user: User;
  readonly onDone: (made: NewApiKey) => void;
  readonly onCancel: () => void;
}

const lifetimes = { d30: 30, d90: 90, d365: 365, never: undefined } as const;
type Lifetime = keyof typeof lifetimes;
const lifetimeNames = ['d30', 'd90', 'd365', 'never'] as const satisfies readonly Lifetime[];

/** Name, role and end of a new key. */
export function NewKeyForm({ user, onDone, onCancel }: NewKeyFormProps) {
  const { t } = useTranslation('account');
  const queries = useQueryClient();
  const offered = roles.filter((role) => atLeast(user.role, role));
  const [role, setRole] = useState<string>(offered.includes('member') ? 'member' : 'viewer');
  const [life, setLife] = useState<Lifetime>('d90');
  const [intention] = useState(newKey);
  const { setForm, ...fields } = useFields(
    { name: '' },
    { name: (value) => (value.trim() === '' ? t('keys.nameEmpty') : undefined) },
    'name',
  );
  const create = useMutation({
    mutationFn: ({ name }: { name: string }) =>
      post<NewApiKey>('/keys', { name, role, expiresInDays: lifetimes[life] }, { idempotencyKey: intention }),
    onSuccess: (made) => {
      onDone(made);
      return queries.invalidateQueries({ queryKey: ['keys', user.id] });
    },
    onError: fields.refuse,
  });
  return (
    <form
      ref={setForm}
      className={classes.newKey}
      noValidate
      onSubmit={fields.onSubmit((values) => create.mutate(values))}
    >
      {create.error && !fields.owns(create.error) && <ErrorPanel error={create.error} />}
      <div className={classes.row}>
        <TextField
          label={t('keys.name')}
          description={t('keys.nameHint')}
          autoComplete="off"
          {...fields.bind('name')}
        />
        <Select
          label={t('keys.role')}
          description={t('keys.roleHint', { role: t(`roles.${user.role}`) })}
          data={offered.map((value) => ({ value, label: t(`roles.${value}`) }))}
          value={role}
          allowDeselect={false}
          onChange={(value) => value !== null && setRole(value)}
        />
        <Select
          label={t('keys.expires')}
          description={t('keys.expiresHint')}
          data={lifetimeNames.map((value) => ({ value, label: t(`keys.days.${value}`) }))}
          value={life}
          allowDeselect={false}
          onChange={(value) => setLife(lifetimeNames.find((each) => each === value) ?? 'd90')}
        />
      </div>
      <FormButtons
        submit={t('keys.create')}
        cancel={t('keys.cancel')}
        busy={create.isPending}
        onCancel={onCancel}
      />
    </form>
  );
}
