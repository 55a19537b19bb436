import { useInfiniteQuery, useQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { RunFilterInput } from '../../contract/run-filter.ts';
import type { RunSummary } from '../../contract/run.ts';
import { get } from '../api/client.ts';
import { onRunChange } from '../live/run-feed.ts';
import {
  addToPages,
  changePages,
  holdFresh,
  mostFresh,
  rowsOf,
  searchedTo,
  type RunPage,
} from './list-pages.ts';
import { matches } from './run-query.ts';

const pageSize = 50;
const mostPinned = 20;

export interface RunList {
  /** What waits for a person first, then the newest; undefined before the first answer. */
  readonly rows: readonly RunSummary[] | undefined;
  readonly error: unknown;
  /** Runs that came while the list was read, and are not in it yet. */
  readonly fresh: number;
  bringIn(): void;
  /** How far back has been looked, while that goes on by itself. */
  readonly searching: string | null;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  loadMore(): void;
  retry(): void;
}

type Pages = InfiniteData<RunPage, string | undefined>;

/** The list of runs: in pages, kept up to date in place; what is new waits until it is asked for. */
export function useRunList(params: RunFilterInput, me: string | undefined): RunList {
  const queryKey = useMemo(() => ['runs', 'list', params], [params]);
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      get<RunPage>('/runs', { ...params, limit: pageSize, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: Infinity,
    gcTime: 60_000,
    refetchOnWindowFocus: false,
    // While the list was not shown, nobody heard of changes for it.
    refetchOnMount: 'always',
  });
  const [wanted, setWanted] = useState({ params, count: pageSize });
  const target = wanted.params === params ? wanted.count : pageSize;
  const pages = query.data?.pages;
  const found = pages?.reduce((sum, { items }) => sum + items.length, 0) ?? 0;
  const { fresh, bringIn } = useFresh(queryKey, params, me);
  const waiting = useWaiting(params);
  const goesOn = query.hasNextPage && found < target && !query.isFetchNextPageError;
  const { fetchNextPage, isFetching } = query;
  useEffect(() => {
    if (goesOn && !isFetching) void fetchNextPage();
  }, [goesOn, isFetching, fetchNextPage]);
  return {
    rows: useMemo(() => pages && rowsOf(pages, waiting), [pages, waiting]),
    error: query.error,
    fresh,
    bringIn,
    searching: goesOn && pages ? searchedTo(pages) : null,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => {
      setWanted({ params, count: found + pageSize });
      void fetchNextPage();
    },
    retry: () => void (query.isFetchNextPageError ? fetchNextPage() : query.refetch()),
  };
}

/** Changes what is shown as it changes, and collects what is new. */
function useFresh(queryKey: readonly unknown[], params: RunFilterInput, me: string | undefined) {
  const client = useQueryClient();
  const [arrived, setArrived] = useState<{ of: unknown; runs: ReadonlyMap<string, RunSummary> }>({
    of: queryKey,
    runs: new Map(),
  });
  const runs = arrived.of === queryKey ? arrived.runs : none;
  useEffect(
    () =>
      onRunChange((change) => {
        if (change.kind === 'reset') {
          setArrived({ of: queryKey, runs: new Map() });
          void client.invalidateQueries({ queryKey: ['runs'] });
          return;
        }
        const before = client.getQueryData<Pages>(queryKey);
        if (before === undefined) return;
        const changed = changePages(before.pages, change);
        if (changed !== before.pages) {
          client.setQueryData<Pages>(queryKey, { ...before, pages: [...changed] });
          return;
        }
        const newest = before.pages[0]?.items[0]?.id ?? '';
        if (change.kind !== 'run' || change.run.id < newest) return;
        if (newest === '' && matches(change.run, params, me)) {
          // There is nothing to read yet that could jump.
          client.setQueryData<Pages>(queryKey, {
            ...before,
            pages: [...addToPages(before.pages, [change.run])],
          });
          return;
        }
        const wanted = matches(change.run, params, me);
        setArrived((before) => {
          const held = before.of === queryKey ? before.runs : none;
          const runs = holdFresh(held, change.run, wanted);
          return runs === before.runs ? before : { of: queryKey, runs };
        });
      }),
    [client, queryKey, params, me],
  );
  const bringIn = () => {
    if (runs.size >= mostFresh) void client.invalidateQueries({ queryKey });
    client.setQueryData<Pages>(
      queryKey,
      (before) => before && { ...before, pages: [...addToPages(before.pages, [...runs.values()])] },
    );
    setArrived({ of: queryKey, runs: new Map() });
  };
  return { fresh: runs.size, bringIn };
}

const none: ReadonlyMap<string, RunSummary> = new Map();
const noRuns: readonly RunSummary[] = [];

/** What waits for a person stands above the rest, unless the filter asks for other statuses. */
function useWaiting(params: RunFilterInput): readonly RunSummary[] {
  const asksForStatus = params.status !== undefined;
  const { data } = useQuery({
    queryKey: ['runs', 'waiting', params],
    queryFn: ({ signal }) =>
      get<RunPage>('/runs', { ...params, status: 'waiting', limit: mostPinned }, signal),
    enabled: !asksForStatus,
    staleTime: 30_000,
    refetchOnMount: 'always',
  });
  return useMemo(
    () => (asksForStatus ? noRuns : (data?.items.filter((run) => run.asks !== null) ?? noRuns)),
    [asksForStatus, data],
  );
}
