import { Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Secret } from '../../contract/secret.ts';
import { put } from '../api/client.ts';
import { FormButtons } from '../parts/form-buttons.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { fieldError } from '../parts/field-error.tsx';
import { TextField } from '../parts/text-field.tsx';
import { toast } from '../parts/toast.ts';
import { useFields } from '../parts/use-fields.ts';
import { secretPath } from './secret-queries.ts';
import classes from './secrets.module.css';
import { WhoseSelect, type Whose } from './whose-select.tsx';

/** Name, whose it is, and the value; of a secret that is there only the value. */
export function SecretForm({ secret, onDone }: { secret?: Secret; onDone: () => void }) {
  const { t } = useTranslation('secrets');
  const queries = useQueryClient();
  const [whose, setWhose] = useState<Whose>();
  const [missing, setMissing] = useState(false);
  const { setForm, ...fields } = useFields(
    { name: secret?.name ?? '', value: '' },
    {
      name: (name) => (/^[A-Za-z0-9_.-]{1,128}$/.test(name.trim()) ? undefined : t('form.nameWrong')),
      value: (value) => (value === '' ? t('form.valueEmpty') : undefined),
    },
    secret ? 'value' : 'name',
  );
  const save = useMutation({
    mutationFn: ({ name, value, at }: { name: string; value: string; at: Whose }) =>
      put<Secret>(secretPath({ name: name.trim(), ...at }), { value }),
    onSuccess: async (sealed) => {
      const usable = sealed.scope === 'repository' || sealed.grants.length > 0;
      toast(t(usable ? 'form.done' : 'form.doneGrant', { name: sealed.name }));
      await queries.invalidateQueries({ queryKey: ['secrets'] });
      onDone();
    },
    onError: fields.refuse,
  });
  const submit = (typed: { name: string; value: string }) => {
    const at = secret ?? whose;
    setMissing(at === undefined || (at.scope === 'repository' && at.owner === ''));
    if (at && (at.scope !== 'repository' || at.owner !== '')) save.mutate({ ...typed, at });
  };
  const value = fields.bind('value');
  return (
    <form ref={setForm} className={classes.form} noValidate onSubmit={fields.onSubmit(submit)}>
      {save.error && !fields.owns(save.error) && <ErrorPanel error={save.error} />}
      {!secret && (
        <>
          <TextField
            label={t('form.name')}
            description={t('form.nameHint')}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            {...fields.bind('name')}
          />
          <WhoseSelect whose={whose} missing={missing} onChange={setWhose} />
        </>
      )}
      <Textarea
        className={classes.value}
        label={t('form.value')}
        description={t('form.valueHint')}
        autosize
        minRows={3}
        maxRows={10}
        autoComplete="off"
        spellCheck={false}
        {...value}
        error={fieldError(value.error)}
      />
      <FormButtons
        submit={t('form.submit')}
        cancel={t('form.cancel')}
        busy={save.isPending}
        onCancel={onDone}
      />
    </form>
  );
}
