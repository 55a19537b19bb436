import { ActionIcon, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { keyWords } from '../commands/key-words.ts';
import { Key } from '../parts/key.tsx';
import classes from './search-button.module.css';

/** Opens the palette. */
export function SearchButton({ onSearch, small = false }: { onSearch: () => void; small?: boolean }) {
  const { t } = useTranslation('shell');
  if (small) {
    return (
      <ActionIcon variant="subtle" size={36} aria-label={t('search')} onClick={onSearch}>
        <IconSearch size={18} stroke={1.75} aria-hidden="true" />
      </ActionIcon>
    );
  }
  return (
    <UnstyledButton className={classes.search} onClick={onSearch}>
      <IconSearch size={16} stroke={1.75} aria-hidden="true" />
      <span>{t('search')}</span>
      <Key>{keyWords('Mod+k').join(' ')}</Key>
    </UnstyledButton>
  );
}
