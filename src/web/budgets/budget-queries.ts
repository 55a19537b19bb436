import { useQuery } from '@tanstack/react-query';
import type { BudgetRule, BudgetStates } from '../../contract/budget.ts';
import { get } from '../api/client.ts';

interface Ask {
  readonly signal: AbortSignal;
}

export function useBudgetRules() {
  return useQuery({
    queryKey: ['budgets', 'rules'],
    queryFn: ({ signal }: Ask) => get<{ items: BudgetRule[] }>('/budgets', undefined, signal),
  });
}

export function useBudgetStates() {
  return useQuery({
    queryKey: ['budgets', 'state'],
    queryFn: ({ signal }: Ask) => get<BudgetStates>('/budgets/state', undefined, signal),
    refetchInterval: 10_000,
  });
}
