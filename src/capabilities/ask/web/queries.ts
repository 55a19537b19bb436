import { useQuery } from '@tanstack/react-query';
import type { ModelEntry } from '../../../contract/model.ts';
import type { Repository } from '../../../contract/repository.ts';
import type { RunSummary } from '../../../contract/run.ts';
import { get } from '../../../web/api/client.ts';

interface Ask {
  readonly signal: AbortSignal;
}

/** The connected repositories. */
export function useRepositories() {
  return useQuery({
    queryKey: ['repositories'],
    queryFn: ({ signal }: Ask) => get<{ items: Repository[] }>('/repositories', undefined, signal),
  });
}

/** The models that may be chosen. */
export function useModels() {
  return useQuery({
    queryKey: ['models'],
    queryFn: ({ signal }: Ask) => get<{ models: ModelEntry[] }>('/models', undefined, signal),
    staleTime: 60_000,
  });
}

export function useLatestQuestions() {
  return useQuery({
    queryKey: ['runs', 'ask', 'latest'],
    queryFn: ({ signal }: Ask) =>
      get<{ items: RunSummary[] }>('/runs', { capability: 'ask', limit: 10 }, signal),
  });
}
