import type { UserSettings } from '../../contract/settings.ts';
import { get } from './client.ts';

export interface MySettings {
  readonly values: UserSettings;
}

/** What the person has chosen for themselves. */
export const mySettingsQuery = {
  queryKey: ['me', 'settings'],
  queryFn: ({ signal }: { signal: AbortSignal }) => get<MySettings>('/me/settings', undefined, signal),
  staleTime: 60_000,
};
