import { useQuery } from '@tanstack/react-query';
import type { RunSummary } from '../../../contract/run.ts';
import { get } from '../../../web/api/client.ts';

export function useLatestQuestions() {
  return useQuery({
    queryKey: ['runs', 'ask', 'latest'],
    queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
      get<{ items: RunSummary[] }>('/runs', { capability: 'ask', limit: 10 }, signal),
  });
}
