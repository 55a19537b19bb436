import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { NotificationState, SentChannel, TestOutcome } from '../../contract/notification.ts';
import type { UserSettings } from '../../contract/settings.ts';
import { get, patch, post } from '../api/client.ts';
import { mySettingsQuery, type MySettings } from '../api/my-settings.ts';

/** How one can be reached, and what went wrong lately. */
export const notificationsQuery = {
  queryKey: ['me', 'notifications'],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    get<NotificationState>('/me/notifications', undefined, signal),
};

/** Changes one's settings; what is chosen shows at once, and as it was when the server refuses. */
export function useChangeSettings() {
  const queries = useQueryClient();
  const { queryKey } = mySettingsQuery;
  return useMutation({
    mutationFn: (changes: Partial<UserSettings>) => patch<MySettings>('/me/settings', { changes }),
    onMutate: (changes) => {
      const before = queries.getQueryData<MySettings>(queryKey);
      if (before) queries.setQueryData(queryKey, { ...before, values: { ...before.values, ...changes } });
      return before;
    },
    onError: (_error, _changes, before) => queries.setQueryData(queryKey, before),
    onSuccess: (view) => queries.setQueryData(queryKey, view),
  });
}

/** Sends a test message and keeps what came of it. */
export function useTestMessage(channel: SentChannel) {
  return useMutation({ mutationFn: () => post<TestOutcome>('/me/notifications/test', { channel }) });
}
