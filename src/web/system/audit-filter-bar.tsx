import { Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client.ts';
import { auditKinds, spans, type AuditFilters } from './audit-filter.ts';
import classes from './audit.module.css';

interface AuditFilterBarProps {
  readonly filters: AuditFilters;
  readonly onChange: (filters: AuditFilters) => void;
}

/** Who, about what, on what, when, and how it went. */
export function AuditFilterBar({ filters, onChange }: AuditFilterBarProps) {
  const { t } = useTranslation('audit');
  const people = usePeople(filters.user);
  const change = (name: keyof AuditFilters, value: string) => {
    const { [name]: _, ...rest } = filters;
    onChange(value === '' ? rest : ({ ...rest, [name]: value } as AuditFilters));
  };
  return (
    <search className={classes.filters} aria-label={t('filters')}>
      <NativeSelect
        aria-label={t('person')}
        value={filters.user ?? ''}
        data={[{ value: '', label: t('allPeople') }, ...people]}
        onChange={(event) => change('user', event.currentTarget.value)}
      />
      <NativeSelect
        aria-label={t('kind')}
        value={filters.kind ?? ''}
        data={[
          { value: '', label: t('allKinds') },
          ...auditKinds.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) })),
        ]}
        onChange={(event) => change('kind', event.currentTarget.value)}
      />
      <NativeSelect
        aria-label={t('time')}
        value={filters.time ?? ''}
        data={[
          { value: '', label: t('times.any') },
          ...spans.map((span) => ({ value: span, label: t(`times.${span}`) })),
        ]}
        onChange={(event) => change('time', event.currentTarget.value)}
      />
      <TargetField key={filters.target ?? ''} target={filters.target ?? ''} onChange={change} />
      <SegmentedControl
        aria-label={t('outcome')}
        value={filters.outcome ?? ''}
        data={[
          { value: '', label: t('all') },
          { value: 'done', label: t('done') },
          { value: 'refused', label: t('refused') },
        ]}
        onChange={(value) => change('outcome', value)}
      />
      {Object.keys(filters).length > 0 && (
        <Button variant="subtle" color="live" size="compact-sm" onClick={() => onChange({})}>
          {t('clear')}
        </Button>
      )}
    </search>
  );
}

interface TargetFieldProps {
  readonly target: string;
  readonly onChange: (name: 'target', value: string) => void;
}

/** Looks when it is left or Enter is pressed, not while typing: an id is pasted whole. */
function TargetField({ target, onChange }: TargetFieldProps) {
  const { t } = useTranslation('audit');
  return (
    <TextInput
      aria-label={t('target')}
      placeholder={t('target')}
      defaultValue={target}
      maxLength={200}
      className={classes.target}
      onBlur={(event) => {
        const typed = event.currentTarget.value.trim();
        if (typed !== target) onChange('target', typed);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onChange('target', event.currentTarget.value.trim());
      }}
    />
  );
}

/** Everybody who has an account, and who is looked for even if gone. */
function usePeople(wanted: string | undefined): { value: string; label: string }[] {
  const { data } = useQuery({
    queryKey: ['users', 'names'],
    queryFn: ({ signal }) => get<{ items: { id: string; name: string }[] }>('/users', { limit: 200 }, signal),
    staleTime: 60_000,
  });
  const people = (data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const missing = wanted !== undefined && !people.some(({ value }) => value === wanted);
  return missing ? [...people, { value: wanted, label: wanted }] : people;
}
