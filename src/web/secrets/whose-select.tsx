import { Select } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Secret } from '../../contract/secret.ts';
import { useMay } from '../api/me.ts';
import { fieldError } from '../parts/field-error.tsx';
import { useRepositories } from '../repositories/repository-queries.ts';

export type Whose = Pick<Secret, 'scope' | 'owner'>;

interface WhoseSelectProps {
  readonly whose: Whose | undefined;
  /** Set when it was left open. */
  readonly missing: boolean;
  readonly onChange: (whose: Whose) => void;
}

const scopes = ['instance', 'user', 'repository'] as const;

/** For whom a new secret is kept: members keep their own only. */
export function WhoseSelect({ whose, missing, onChange }: WhoseSelectProps) {
  const { t } = useTranslation('secrets');
  const isAdmin = useMay('admin');
  const repositories = useRepositories();
  const offered = isAdmin ? scopes : (['user'] as const);
  const [first] = offered;
  useEffect(() => {
    if (!whose) onChange({ scope: first, owner: '' });
  }, [whose, first, onChange]);
  const scope = whose?.scope ?? first;
  const names = (repositories.data?.items ?? []).map(({ name }) => name);
  return (
    <>
      <Select
        label={t('form.of')}
        description={t(`form.ofHint.${scope}`)}
        data={offered.map((value) => ({ value, label: t(`scopes.${value}`) }))}
        value={scope}
        allowDeselect={false}
        onChange={(value) => onChange({ scope: offered.find((each) => each === value) ?? first, owner: '' })}
      />
      {scope === 'repository' && (
        <Select
          label={t('form.repository')}
          searchable
          data={names}
          nothingFoundMessage={t('form.noRepositories')}
          value={whose?.owner || null}
          error={missing && !whose?.owner ? fieldError(t('form.repositoryEmpty')) : undefined}
          onChange={(value) => onChange({ scope, owner: value ?? '' })}
        />
      )}
    </>
  );
}
