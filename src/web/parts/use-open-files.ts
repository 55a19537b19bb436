import { useState } from 'react';
import { openAtFirst, type DiffFile } from './diff-file.ts';
import type { Viewed } from './use-viewed.ts';

/** Which files are open: what somebody opened or closed, and of the others as many as can be read at once. */
export function useOpenFiles(files: readonly DiffFile[], viewed: Viewed) {
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [first] = useState(() => openAtFirst(files.filter((file) => !viewed.has(file))));
  return {
    has: (name: string) => chosen.get(name) ?? first.has(name),
    set: (name: string, open: boolean) => setChosen((now) => new Map([...now, [name, open]])),
  };
}
