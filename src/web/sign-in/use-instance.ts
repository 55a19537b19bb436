import { useQuery } from '@tanstack/react-query';
import type { Instance } from '../../contract/instance.ts';
import { get } from '../api/client.ts';

/** What this server is, also for who is not signed in. */
export function useInstance() {
  return useQuery({
    queryKey: ['instance'],
    queryFn: ({ signal }) => get<Instance>('/instance', undefined, signal),
    staleTime: 60_000,
  });
}
