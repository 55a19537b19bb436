import { useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { mySettingsQuery } from '../api/my-settings.ts';
import { allowSingleKeys } from '../commands/keyboard.ts';

/** Lets what a person has chosen for themselves hold in this browser. */
export function useMySettings(): void {
  const { data } = useQuery(mySettingsQuery);
  const { setColorScheme } = useMantineColorScheme();
  const shortcuts = data?.values.shortcuts ?? true;
  const scheme = data?.values.colorScheme;
  useEffect(() => allowSingleKeys(shortcuts), [shortcuts]);
  useEffect(() => {
    if (scheme !== undefined) setColorScheme(scheme === 'system' ? 'auto' : scheme);
  }, [scheme, setColorScheme]);
}
