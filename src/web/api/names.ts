import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { get } from './client.ts';

/** Tells what to call people: the name when it is known, the id until then. */
export function useNames(ids: readonly (string | null | undefined)[]): (id: string) => string {
  const wanted = [...new Set(ids.filter((id) => typeof id === 'string'))].toSorted().slice(0, 100);
  const { data } = useQuery({
    queryKey: ['people', ...wanted],
    queryFn: ({ signal }) =>
      get<{ names: Record<string, string> }>('/people', { ids: wanted.join(',') }, signal),
    enabled: wanted.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 300_000,
  });
  return useCallback((id) => data?.names[id] ?? id, [data]);
}
