import { useQuery } from '@tanstack/react-query';
import type { RunFile } from '../../../../contract/file.ts';
import { get, getText } from '../../../../web/api/client.ts';
import { parsePatch } from '../../../../web/parts/parse-patch.ts';

/** The files of a patch that the run keeps. What is kept under an id never changes. */
export function usePatch(runId: string, fileId: string | undefined) {
  return useQuery({
    queryKey: ['run', runId, 'patch', fileId],
    queryFn: async ({ signal }) => parsePatch(await getText(`/runs/${runId}/files/${fileId}`, signal)),
    enabled: fileId !== undefined,
    staleTime: Infinity,
  });
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
  });
}
