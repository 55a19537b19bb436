import { Button, Select, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { webCapabilities } from '../capabilities.ts';
import type { Texts } from '../locales/texts.ts';
import { withFilter, type EventFilters } from './event-filter.ts';
import { eventTypes } from '../../contract/event-types.ts';
import classes from './events.module.css';
import { usePersonNames } from './use-person-names.ts';

interface EventFilterBarProps {
  readonly filters: EventFilters;
  readonly onChange: (filters: EventFilters) => void;
}

const typingMs = 350;

/** What to look for; all of it stands in the address. */
export function EventFilterBar({ filters, onChange }: EventFilterBarProps) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const people = usePersonNames();
  const set = (name: keyof EventFilters) => (value: string | null) =>
    onChange(withFilter(filters, name, value ?? ''));
  const select = (name: keyof EventFilters, label: string, every: string, data: Choice[]) => (
    <Select
      className={classes.select}
      aria-label={label}
      allowDeselect={false}
      searchable={data.length > 10}
      value={filters[name] ?? ''}
      data={[{ value: '', label: every }, ...data]}
      onChange={set(name)}
    />
  );
  return (
    <div className={classes.filters}>
      <SearchField value={filters.q ?? ''} onChange={set('q')} />
      {select('type', t('system:events.type'), t('system:events.anyType'), typeChoices)}
      {select(
        'capability',
        t('system:events.kind'),
        t('system:events.everyKind'),
        webCapabilities.map(({ name, kind }) => ({ value: name, label: kind(t) })),
      )}
      {select(
        'by',
        t('system:events.person'),
        t('system:events.anyone'),
        [...people].map(([value, label]) => ({ value, label })),
      )}
      {select('when', t('system:events.when'), t('system:events.anyTime'), [
        { value: '1h', label: t('system:events.lastHour') },
        { value: '24h', label: t('system:events.lastDay') },
        { value: '7d', label: t('system:events.last7') },
      ])}
      {filters.run !== undefined && (
        <Button variant="default" onClick={() => set('run')('')}>
          {t('system:events.clearRun')}
        </Button>
      )}
    </div>
  );
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

const typeChoices: Choice[] = eventTypes.map((type) => ({ value: type, label: type }));

function SearchField({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation('system');
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text === value) return;
    const timer = window.setTimeout(() => onChange(text), typingMs);
    return () => window.clearTimeout(timer);
  });
  return (
    <TextInput
      className={classes.search}
      aria-label={t('events.search')}
      placeholder={t('events.search')}
      maxLength={200}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
