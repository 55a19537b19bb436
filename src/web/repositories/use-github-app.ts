import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { GitHubAppState } from '../../contract/repository.ts';
import { get, post } from '../api/client.ts';
import { toast } from '../parts/toast.ts';

/** The server's GitHub App; takes over the one with which GitHub has just sent the browser back here. */
export function useGitHubApp() {
  const { t } = useTranslation('repositories');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { code, state } = useSearch({ strict: false }) as {
    readonly code?: unknown;
    readonly state?: unknown;
  };
  const app = useQuery({
    queryKey: ['github-app'],
    queryFn: ({ signal }) => get<GitHubAppState>('/github-app', undefined, signal),
  });
  const { mutate, error } = useMutation({
    mutationFn: (answer: { code: string; state: string }) => post<GitHubAppState>('/github-app', answer),
    onSuccess: ({ name }) => toast(t('app.made', { name: name ?? '' })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['github-app'] }),
  });
  useEffect(() => {
    if (code === undefined || state === undefined) return;
    // A code works once: it leaves the address before it is used.
    void navigate({ to: '/repositories', search: {}, replace: true });
    mutate({ code: String(code), state: String(state) });
  }, [code, state, mutate, navigate]);
  return { app: app.data, error: error ?? app.error, refetch: () => void app.refetch() };
}
