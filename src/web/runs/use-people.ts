import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { get } from '../api/client.ts';
import { useMe } from '../api/me.ts';
import type { People } from './run-query.ts';

interface Person {
  readonly id: string;
  readonly name: string;
}

/** Whom the filter can be given by name: for an admin everyone, for others themselves. */
export function usePeople(): { readonly ids: People; readonly names: readonly string[] } {
  const me = useMe();
  const isAdmin = me?.role === 'admin';
  const { data } = useQuery({
    queryKey: ['users', 'for-filter'],
    queryFn: ({ signal }) => get<{ items: readonly Person[] }>('/users', undefined, signal),
    enabled: isAdmin,
    staleTime: 300_000,
  });
  return useMemo(() => {
    const people = [...(data?.items ?? []), ...(me?.user ? [me.user] : [])];
    return {
      ids: new Map(people.map(({ id, name }) => [name.toLowerCase(), id])),
      names: [...new Set(people.map(({ name }) => name))],
    };
  }, [data, me]);
}
