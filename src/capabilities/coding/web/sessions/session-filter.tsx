import { Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRepositories } from '../../../../web/repositories/repository-queries.ts';
import bar from '../../../../web/runs/filter-bar.module.css';
import { readFilter, withToken } from '../../../../web/runs/filter-text.ts';
import classes from './sessions.module.css';

interface SessionFilterProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
}

const pauseMs = 350;
/** Below the page's landmark, where who can't see it looks for it. */
const inPage = { withinPortal: false };

/** By words of the goal and by repository; the text in the address says both. */
export function SessionFilter({ text, onChange }: SessionFilterProps) {
  const { t } = useTranslation('sessions');
  const { tokens } = readFilter(text);
  const names = (useRepositories().data?.items ?? []).map(({ name }) => name);
  const repo = tokens.repo ?? '';
  const [typed, setTyped] = useState(text);
  const [known, setKnown] = useState(text);
  if (text !== known) {
    setKnown(text);
    setTyped(text);
  }
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = window.setTimeout(() => onChange(typed), pauseMs);
    return () => window.clearTimeout(timer);
  }, [typed, text, onChange]);
  return (
    <div className={bar.bar} role="search" aria-label={t('filter.label')}>
      <TextInput
        className={bar.field ?? ''}
        aria-label={t('filter.label')}
        placeholder={t('filter.placeholder')}
        leftSection={<IconSearch size={16} stroke={1.75} aria-hidden="true" />}
        maxLength={300}
        spellCheck={false}
        value={typed}
        onChange={({ currentTarget: { value } }) => setTyped(value)}
      />
      <Select
        className={classes.select ?? ''}
        comboboxProps={inPage}
        aria-label={t('filter.repository')}
        allowDeselect={false}
        value={repo}
        data={[
          { value: '', label: t('filter.every') },
          ...[...new Set([...names, ...(repo === '' ? [] : [repo])])].map((value) => ({
            value,
            label: value,
          })),
        ]}
        onChange={(value) => onChange(withToken(text, 'repo', value ?? ''))}
      />
    </div>
  );
}
