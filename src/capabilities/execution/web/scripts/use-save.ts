import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { OpenDocument } from '../../../../contract/document.ts';
import { get, post } from '../../../../web/api/client.ts';
import { inputOf } from '../draft.ts';
import type { LoadedScript } from '../state/playground-state.ts';
import type { Playground } from '../state/use-playground.ts';

export interface SaveRequest {
  /** The script whose next version it is; without one, a new script. */
  readonly script?: LoadedScript | undefined;
  readonly name?: string;
  readonly note: string;
  readonly shared?: boolean;
  /** Saved after whatever others saved meanwhile, which stays in the history. */
  readonly over?: boolean;
}

/** Saves the program that stands in the editor. */
export function useSave({ state, dispatch }: Playground) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ script, name, note, shared, over }: SaveRequest) => {
      const { draft } = state;
      const content = inputOf(draft);
      const saved =
        script === undefined
          ? await post<OpenDocument>('/scripts', { name, content, note, shared })
          : await post<OpenDocument>(`/scripts/${script.id}/versions`, {
              content,
              note,
              expectedVersion: over
                ? (await get<OpenDocument>(`/scripts/${script.id}`)).version
                : script.latest,
            });
      return { draft, ...saved };
    },
    onSuccess: ({ draft, id, name, shown, version, mayChange }) => {
      dispatch({ type: 'saved', draft, script: { id, name, version: shown, latest: version, mayChange } });
      void client.invalidateQueries({ queryKey: ['scripts'] });
    },
  });
}
