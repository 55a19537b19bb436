import { Drawer } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Repository } from '../../contract/repository.ts';
import { put } from '../api/client.ts';
import { FormButtons } from '../parts/form-buttons.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { toast } from '../parts/toast.ts';
import { useFields } from '../parts/use-fields.ts';
import { repositoryPath } from './repository-queries.ts';
import classes from './repositories.module.css';

interface TokenDrawerProps {
  readonly name: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function TokenDrawer({ name, opened, onClose }: TokenDrawerProps) {
  const { t } = useTranslation('repositories');
  return (
    <Drawer opened={opened} onClose={onClose} title={t('token.title', { name })} size={440}>
      {opened && <TokenForm name={name} onDone={onClose} />}
    </Drawer>
  );
}

function TokenForm({ name, onDone }: { name: string; onDone: () => void }) {
  const { t } = useTranslation('repositories');
  const queries = useQueryClient();
  const { setForm, ...fields } = useFields(
    { token: '' },
    { token: (value) => (value.trim() === '' ? t('token.empty') : undefined) },
    'token',
  );
  const replace = useMutation({
    mutationFn: (typed: { token: string }) => put<Repository>(`${repositoryPath(name)}/token`, typed),
    onSuccess: async () => {
      toast(t('token.done', { name }));
      await queries.invalidateQueries({ queryKey: ['repositories'] });
      onDone();
    },
    onError: fields.refuse,
  });
  return (
    <form
      ref={setForm}
      className={classes.form}
      noValidate
      onSubmit={fields.onSubmit((typed) => replace.mutate(typed))}
    >
      {replace.error && !fields.owns(replace.error) && <ErrorPanel error={replace.error} />}
      <PasswordField
        label={t('form.token')}
        description={t('token.text')}
        autoComplete="off"
        data-autofocus
        {...fields.bind('token')}
      />
      <FormButtons
        submit={t('token.submit')}
        cancel={t('form.cancel')}
        busy={replace.isPending}
        onCancel={onDone}
      />
    </form>
  );
}
