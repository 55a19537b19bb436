import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RefObject } from 'react';
import { webCapabilities } from '../capabilities.ts';
import type { Texts } from '../locales/texts.ts';
import type { Offers } from './completions.ts';
import { FilterField } from './filter-field.tsx';
import { readFilter, withToken } from './filter-text.ts';
import classes from './filter-bar.module.css';

interface FilterBarProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly offers: Offers;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

/** Below the page's landmark, where who can't see it looks for it. */
const inPage = { withinPortal: false };

const times = { '1h': 'lastHour', today: 'today', '7d': 'last7', '30d': 'last30' } as const;

/** The filter field, and what is often filtered by. All of them change the same text. */
export function FilterBar({ text, onChange, offers, inputRef }: FilterBarProps) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const { kind = '', after = '' } = readFilter(text).tokens;
  const kinds = webCapabilities.map((each) => ({ value: each.name, label: each.kind(t) }));
  const known = kinds.some(({ value }) => value === kind);
  const spans = Object.entries(times).map(([value, name]) => ({ value, label: t(`runs:filter.${name}`) }));
  return (
    <div className={classes.bar}>
      <FilterField value={text} onChange={onChange} offers={offers} inputRef={inputRef} />
      <Select
        className={classes.select}
        comboboxProps={inPage}
        aria-label={t('runs:filter.kind')}
        allowDeselect={false}
        value={kind}
        data={[
          { value: '', label: t('runs:filter.everyKind') },
          ...kinds,
          ...(known || kind === '' ? [] : [{ value: kind, label: kind.slice(0, 60) }]),
        ]}
        onChange={(value) => onChange(withToken(text, 'kind', value ?? ''))}
      />
      <Select
        className={classes.select}
        comboboxProps={inPage}
        aria-label={t('runs:filter.time')}
        allowDeselect={false}
        value={after}
        data={[
          { value: '', label: t('runs:filter.anyTime') },
          ...spans,
          ...(after in times || after === '' ? [] : [{ value: after, label: t('runs:filter.otherTime') }]),
        ]}
        onChange={(value) => onChange(withToken(text, 'after', value ?? ''))}
      />
    </div>
  );
}
