import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecretGrant } from '../../contract/secret.ts';
import { webCapabilities } from '../capabilities.ts';
import type { Texts } from '../locales/texts.ts';
import { fieldError } from '../parts/field-error.tsx';
import { useRepositories } from '../repositories/repository-queries.ts';
import classes from './secrets.module.css';

const kinds = ['repository', 'capability', 'everyone'] as const;

/** Lets runs use a secret: those on a repository, of a kind, or all. */
export function GrantForm({ busy, onGrant }: { busy: boolean; onGrant: (grant: SecretGrant) => void }) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const repositories = useRepositories();
  const [kind, setKind] = useState<(typeof kinds)[number]>('repository');
  const [subject, setSubject] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const subjects =
    kind === 'repository'
      ? (repositories.data?.items ?? []).map(({ name }) => ({ value: name, label: name }))
      : webCapabilities.map((each) => ({ value: each.name, label: each.kind(t) }));
  const submit = () => {
    setMissing(kind !== 'everyone' && subject === null);
    if (kind === 'everyone') onGrant({ kind });
    else if (subject !== null) onGrant({ kind, subject });
  };
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Select
        label={t('secrets:grants.kind')}
        data={kinds.map((value) => ({ value, label: t(`secrets:grants.kinds.${value}`) }))}
        value={kind}
        allowDeselect={false}
        onChange={(value) => {
          setKind(kinds.find((each) => each === value) ?? 'repository');
          setSubject(null);
          setMissing(false);
        }}
      />
      {kind !== 'everyone' && (
        <Select
          key={kind}
          label={t(`secrets:grants.${kind}`)}
          searchable
          data={subjects}
          nothingFoundMessage={t('secrets:form.noRepositories')}
          value={subject}
          error={missing && subject === null ? fieldError(t('secrets:grants.subjectEmpty')) : undefined}
          onChange={setSubject}
        />
      )}
      <div className={classes.buttons}>
        <Button type="submit" loading={busy}>
          {t('secrets:grants.submit')}
        </Button>
      </div>
    </form>
  );
}
