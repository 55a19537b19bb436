import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { BudgetScope } from '../../contract/budget.ts';
import type { User } from '../../contract/user.ts';
import { get } from '../api/client.ts';
import { useRepositories } from '../repositories/repository-queries.ts';

export interface Bounded {
  readonly scope: BudgetScope;
  readonly subject: string;
}

const scopes = ['instance', 'user', 'repository', 'run'] as const;

/** For whom a budget is: everything, one or each user or repository, or each run. */
export function ScopeSelect({
  bounded: { scope, subject },
  onChange,
}: {
  bounded: Bounded;
  onChange: (bounded: Bounded) => void;
}) {
  const { t } = useTranslation('budgets');
  const users = useQuery({
    queryKey: ['users', 'first'],
    queryFn: ({ signal }) => get<{ items: readonly User[] }>('/users', { limit: 200 }, signal),
  });
  const repositories = useRepositories();
  const subjects =
    scope === 'user'
      ? (users.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))
      : (repositories.data?.items ?? []).map(({ name }) => ({ value: name, label: name }));
  const each = { value: '', label: t('form.each') };
  return (
    <>
      <Select
        label={t('form.scope')}
        description={t(`form.scopeHint.${scope}`)}
        data={scopes.map((value) => ({ value, label: t(`scopes.${value}`) }))}
        value={scope}
        allowDeselect={false}
        onChange={(value) =>
          onChange({ scope: scopes.find((one) => one === value) ?? 'instance', subject: '' })
        }
      />
      {(scope === 'user' || scope === 'repository') && (
        <Select
          label={t(scope === 'user' ? 'form.subjectUser' : 'form.subjectRepository')}
          searchable
          data={[each, ...subjects]}
          value={subject}
          allowDeselect={false}
          onChange={(value) => onChange({ scope, subject: value ?? '' })}
        />
      )}
    </>
  );
}
