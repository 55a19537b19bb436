import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Repository } from '../../contract/repository.ts';
import { post } from '../api/client.ts';
import { FormButtons } from '../parts/form-buttons.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { TextField } from '../parts/text-field.tsx';
import { toast } from '../parts/toast.ts';
import { useFields } from '../parts/use-fields.ts';
import { ConnectOptions, noOptions } from './connect-options.tsx';
import classes from './repositories.module.css';

/** An address and, for a private repository, a token; the rest is found out. */
export function ConnectForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('repositories');
  const queries = useQueryClient();
  const [more, setMore] = useState(false);
  const [options, setOptions] = useState(noOptions);
  const { setForm, ...fields } = useFields(
    { url: '', token: '' },
    { url: (value) => (value.trim() === '' ? t('form.urlEmpty') : undefined) },
    'url',
  );
  const connect = useMutation({
    mutationFn: ({ url, token }: { url: string; token: string }) =>
      post<Repository>('/repositories', given({ url: url.trim(), token, ...options })),
    onSuccess: async ({ name }) => {
      toast(t('form.done', { name }));
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
      onSubmit={fields.onSubmit((typed) => connect.mutate(typed))}
    >
      {connect.error && !fields.owns(connect.error) && (
        <ErrorPanel error={connect.error} title={t('form.refused')} />
      )}
      <TextField
        label={t('form.url')}
        description={t('form.urlHint')}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        {...fields.bind('url')}
      />
      <PasswordField
        label={t('form.token')}
        description={t('form.tokenHint')}
        autoComplete="off"
        {...fields.bind('token')}
      />
      {more && <ConnectOptions options={options} onChange={setOptions} />}
      <div>
        <Button variant="subtle" size="compact-sm" aria-expanded={more} onClick={() => setMore(!more)}>
          {t(more ? 'form.less' : 'form.more')}
        </Button>
      </div>
      <p className={classes.note}>{t('form.looks')}</p>
      <FormButtons
        submit={t('form.submit')}
        cancel={t('form.cancel')}
        busy={connect.isPending}
        onCancel={onDone}
      />
    </form>
  );
}

/** Without what was left empty. */
function given(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));
}
