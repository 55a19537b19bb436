import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxDetail, InboxItem, InboxPage } from '../../contract/inbox.ts';
import { get, post } from '../api/client.ts';
import { onInboxChange } from '../live/inbox-feed.ts';
import { toast, toastWithUndo } from '../parts/toast.ts';

export const pageSize = 50;

/** The items in pages, read again whenever the inbox changes. */
export function useInbox(archived: boolean) {
  const client = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: ['inbox', 'list', archived],
    queryFn: ({ pageParam, signal }) =>
      get<InboxPage>('/inbox', { archived, limit: pageSize, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  useEffect(() => onInboxChange(() => void client.invalidateQueries({ queryKey: ['inbox'] })), [client]);
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) };
}

/** One item with its question. */
export function useItem(id: string) {
  return useQuery({
    queryKey: ['inbox', 'item', id],
    queryFn: ({ signal }) => get<InboxDetail>(`/inbox/${id}`, undefined, signal),
  });
}

/** Puts items away, with a way back, and brings them back. */
export function useArchive() {
  const { t } = useTranslation('inbox');
  const client = useQueryClient();
  const onSettled = useCallback(() => client.invalidateQueries({ queryKey: ['inbox'] }), [client]);
  const restore = useMutation({
    mutationFn: (ids: readonly string[]) => post<{ changed: number }>('/inbox/restore', { ids }),
    onSuccess: () => toast(t('restored')),
    onSettled,
  });
  const { mutate: bringBack } = restore;
  const archive = useMutation({
    mutationFn: (items: readonly Pick<InboxItem, 'id'>[]) =>
      post<{ changed: number }>('/inbox/archive', { ids: items.map(({ id }) => id) }),
    onSuccess: (_changed, items) =>
      toastWithUndo(t('done', { count: items.length }), () => bringBack(items.map(({ id }) => id))),
    onSettled,
  });
  return { archive: archive.mutate, restore: bringBack, error: archive.error ?? restore.error };
}
