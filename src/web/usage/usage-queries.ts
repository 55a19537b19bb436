import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { UsageGroup, UsageReport } from '../../contract/usage.ts';
import { get } from '../api/client.ts';
import { rangeOf } from './usage-figures.ts';

/** What was used in the last `days` days; the present day moves, so it is asked for again each minute. */
export function useUsage(days: number, by: UsageGroup, enabled = true) {
  return useQuery({
    queryKey: ['usage', days, by],
    queryFn: ({ signal }) => get<UsageReport>('/usage', { ...rangeOf(days), by }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
    enabled,
  });
}
