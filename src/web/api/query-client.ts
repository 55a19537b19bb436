import { QueryCache, QueryClient, MutationCache } from '@tanstack/react-query';
import { ApiError } from './client.ts';

const listeners = new Set<() => void>();

/** Calls `ended` when any request finds out that nobody is signed in any more. */
export function onSignedOut(ended: () => void): () => void {
  listeners.add(ended);
  return () => void listeners.delete(ended);
}

function noticeSignOut(error: unknown): void {
  if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') for (const ended of listeners) ended();
}

const patient = new Set(['SERVER_UNREACHABLE', 'DATABASE_UNREACHABLE', 'SHUTTING_DOWN']);

/** What the server said is shown until it says something else; only what may pass by itself is tried again. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignOut }),
  mutationCache: new MutationCache({ onError: noticeSignOut }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: true,
      networkMode: 'always',
      retry: (_count, error) => error instanceof ApiError && patient.has(error.code),
      retryDelay: (count) => Math.min(1000 * 2 ** count, 15_000),
    },
    mutations: { networkMode: 'always', retry: false },
  },
});
