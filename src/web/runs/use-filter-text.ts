import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** The text of a list's filter, which stands in the address of its page. */
export function useFilterText(page: '/runs' | '/sessions') {
  const search = useSearch({ strict: false }) as { readonly filter?: unknown };
  const navigate = useNavigate();
  const text = typeof search.filter === 'string' ? search.filter : '';
  const setText = useCallback(
    (next: string) => void navigate({ to: page, search: next === '' ? {} : { filter: next }, replace: true }),
    [navigate, page],
  );
  return { text, setText };
}
