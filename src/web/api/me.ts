import { useQuery } from '@tanstack/react-query';
import { atLeast, type Role } from '../../contract/role.ts';
import type { Me } from '../../contract/user.ts';
import { get } from './client.ts';

export type { Me };

/** Who is signed in; undefined while that is not known, or nobody is. */
export function useMe(): Me | undefined {
  return useQuery(meQuery).data;
}

export const meQuery = {
  queryKey: ['me'],
  queryFn: ({ signal }: { signal: AbortSignal }) => get<Me>('/me', undefined, signal),
  staleTime: 60_000,
  // Somebody else may have signed in in another tab.
  refetchOnWindowFocus: 'always',
} as const;

/** Whether the person may do what needs this role. */
export function useMay(needed: Role): boolean {
  const me = useMe();
  return me !== undefined && atLeast(me.role, needed);
}
