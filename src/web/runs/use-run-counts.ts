import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { RunCounts, RunFilterInput } from '../../contract/run-filter.ts';
import { get } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { onRunChange } from '../live/run-feed.ts';

const pauseMs = 1500;

/**
 * How many runs there are by status, whatever status the filter asks for. Counted again as runs change, not too often,
 * and with it is asked again what waits.
 */
export function useRunCounts({ status: _any, ...params }: RunFilterInput): RunCounts | undefined {
  useEffect(() => {
    let timer: number | undefined;
    const stop = onRunChange(() => {
      timer ??= window.setTimeout(() => {
        timer = undefined;
        void queryClient.invalidateQueries({ queryKey: ['runs', 'counts'] });
        void queryClient.invalidateQueries({ queryKey: ['runs', 'waiting'] });
      }, pauseMs);
    });
    return () => {
      window.clearTimeout(timer);
      stop();
    };
  }, []);
  return useQuery({
    queryKey: ['runs', 'counts', params],
    queryFn: ({ signal }) => get<RunCounts>('/runs/counts', { ...params }, signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  }).data;
}
