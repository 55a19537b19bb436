import { useQuery } from '@tanstack/react-query';
import type { KeyRotation, Secret } from '../../contract/secret.ts';
import { get, queryText } from '../api/client.ts';

interface Ask {
  readonly signal: AbortSignal;
}

export function useSecrets(enabled: boolean) {
  return useQuery({
    queryKey: ['secrets'],
    queryFn: ({ signal }: Ask) => get<{ items: Secret[] }>('/secrets', undefined, signal),
    enabled,
    refetchInterval: 60_000,
  });
}

const whileChangingMs = 1000;

export function useRotation() {
  return useQuery({
    queryKey: ['secrets', 'rotation'],
    queryFn: ({ signal }: Ask) => get<KeyRotation>('/secrets/rotation', undefined, signal),
    refetchInterval: ({ state }) => (state.data?.rotation?.finishedAt === null ? whileChangingMs : false),
  });
}

/** Where a secret is at the API, with what says whose it is. */
export function secretPath(
  { name, scope, owner }: Pick<Secret, 'name' | 'scope' | 'owner'>,
  act = '',
): string {
  const repository = scope === 'repository' ? owner : undefined;
  return `/secrets/${encodeURIComponent(name)}${act}${queryText({ scope, repository })}`;
}

/** Tells secrets of one name apart. */
export function keyOf({ name, scope, owner }: Secret): string {
  return `${scope} ${owner} ${name}`;
}
