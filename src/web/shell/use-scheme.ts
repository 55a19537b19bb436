import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { patch } from '../api/client.ts';
import { mySettingsQuery, type MySettings } from '../api/my-settings.ts';

/** Whether it is dark, and how to switch; the choice is kept with the account, so that it holds in every browser. */
export function useScheme(): { dark: boolean; switchScheme(): void } {
  const queries = useQueryClient();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const switchScheme = () => {
    const colorScheme = dark ? 'light' : 'dark';
    // What was asked before the choice must not undo it.
    void queries.cancelQueries({ queryKey: mySettingsQuery.queryKey });
    setColorScheme(colorScheme);
    // If it can't be kept now, it still holds here until the next load.
    patch<MySettings>('/me/settings', { changes: { colorScheme } }).then(
      (view) => queries.setQueryData(mySettingsQuery.queryKey, view),
      () => undefined,
    );
  };
  return { dark, switchScheme };
}
