import { useQuery } from '@tanstack/react-query';
import type { Repository, RepositoryBranch } from '../../contract/repository.ts';
import type { RunSummary } from '../../contract/run.ts';
import { get } from '../api/client.ts';

interface Ask {
  readonly signal: AbortSignal;
}

export function repositoryPath(name: string): string {
  return `/repositories/${encodeURIComponent(name)}`;
}

export function useRepositories() {
  return useQuery({
    queryKey: ['repositories'],
    queryFn: ({ signal }: Ask) => get<{ items: Repository[] }>('/repositories', undefined, signal),
    refetchInterval: 60_000,
  });
}

export function useRepository(name: string) {
  return useQuery({
    queryKey: ['repositories', name],
    queryFn: ({ signal }: Ask) => get<Repository>(repositoryPath(name), undefined, signal),
  });
}

export interface Branches {
  readonly items: readonly RepositoryBranch[];
  readonly more: boolean;
}

/** Asked of the forge, which may take a moment. */
export function useBranches(name: string, enabled: boolean) {
  return useQuery({
    queryKey: ['repositories', name, 'branches'],
    queryFn: ({ signal }: Ask) => get<Branches>(`${repositoryPath(name)}/branches`, undefined, signal),
    enabled,
    retry: false,
    staleTime: 60_000,
  });
}

export function useRunsOn(name: string) {
  return useQuery({
    queryKey: ['runs', 'on', name],
    queryFn: ({ signal }: Ask) =>
      get<{ items: readonly RunSummary[] }>('/runs', { repository: name, limit: 10 }, signal),
  });
}
