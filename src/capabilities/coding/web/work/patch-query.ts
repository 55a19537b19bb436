import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { RunFile } from '../../../../contract/file.ts';
import type { RunSummary } from '../../../../contract/run.ts';
import { ApiError, get, getText } from '../../../../web/api/client.ts';
import { parsePatch } from '../../../../web/parts/parse-patch.ts';

/** The files of a patch that the run keeps. What is kept under an id never changes. */
export function usePatch(runId: string, fileId: string | undefined) {
  return useQuery({
    queryKey: ['run', runId, 'patch', fileId],
    queryFn: async ({ signal }) => parsePatch(await readKept(runId, fileId ?? '', signal)),
    enabled: fileId !== undefined,
    staleTime: Infinity,
  });
}

const mostForks = 8;

/** A file of the run, or of one that it forks: a fork takes over what steps told, and leaves the files where they are. */
async function readKept(runId: string, fileId: string, signal: AbortSignal): Promise<string> {
  let at = runId;
  for (let left = mostForks; ; left -= 1)
    try {
      return await getText(`/runs/${at}/files/${fileId}`, signal);
    } catch (error) {
      if (left === 0 || !(error instanceof ApiError) || error.problem.status !== 404) throw error;
      const { origin } = await get<RunSummary>(`/runs/${at}/summary`, undefined, signal);
      if (origin?.kind !== 'fork') throw error;
      at = origin.runId;
    }
}

/** The file that holds all changes together, once there is one. `commits`: how many there are, which makes it another. */
export function useWholePatch(runId: string, commits: number, isOver: boolean) {
  return useQuery({
    queryKey: ['run', runId, 'files', commits, isOver],
    queryFn: async ({ signal }) => {
      const { items } = await get<{ items: RunFile[] }>(`/runs/${runId}/files`, undefined, signal);
      return items.findLast(({ name }) => name === 'all.patch')?.id ?? null;
    },
    enabled: commits > 0,
    placeholderData: keepPreviousData,
  });
}
