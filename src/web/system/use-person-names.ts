import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { get } from '../api/client.ts';

/** Everyone's name by id; for admins, who alone may ask. */
export function usePersonNames(): ReadonlyMap<string, string> {
  const { data } = useQuery({
    queryKey: ['users', 'for-filter'],
    queryFn: ({ signal }) =>
      get<{ items: readonly { id: string; name: string }[] }>('/users', undefined, signal),
    staleTime: 300_000,
  });
  return useMemo(() => new Map(data?.items.map(({ id, name }) => [id, name])), [data]);
}
