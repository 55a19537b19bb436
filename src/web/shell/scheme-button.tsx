import { ActionIcon } from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useScheme } from './use-scheme.ts';

/** Light or dark. */
export function SchemeButton() {
  const { t } = useTranslation('shell');
  const { dark, switchScheme } = useScheme();
  const Icon = dark ? IconSun : IconMoon;
  return (
    <ActionIcon
      variant="subtle"
      size={32}
      aria-label={t(dark ? 'lightScheme' : 'darkScheme')}
      onClick={switchScheme}
    >
      <Icon size={16} stroke={1.75} aria-hidden="true" />
    </ActionIcon>
  );
}
