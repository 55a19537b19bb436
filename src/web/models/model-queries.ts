import { useQuery } from '@tanstack/react-query';
import type { Models } from '../../contract/model.ts';
import { get } from '../api/client.ts';

export function useModels() {
  return useQuery({
    queryKey: ['models', 'all'],
    queryFn: ({ signal }: { readonly signal: AbortSignal }) => get<Models>('/models', undefined, signal),
    refetchInterval: 30_000,
  });
}
