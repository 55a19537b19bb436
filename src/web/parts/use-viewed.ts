import { useState } from 'react';
import { markOf, type DiffFile } from './diff-file.ts';

export interface Viewed {
  has(file: DiffFile): boolean;
  set(file: DiffFile, viewed: boolean): void;
}

const mostKept = 2000;

/** Which changes of files somebody has read; a file that changes again is unread. */
export function useViewed(keptAs: string | undefined): Viewed {
  const key = keptAs && `gantry-viewed-${keptAs}`;
  const [marks, setMarks] = useState(() => readMarks(key));
  return {
    has: (file) => marks.has(markOf(file)),
    set: (file, viewed) => {
      const next = new Set(marks);
      if (viewed) next.add(markOf(file));
      else next.delete(markOf(file));
      setMarks(next);
      if (key !== undefined) localStorage.setItem(key, JSON.stringify([...next].slice(-mostKept)));
    },
  };
}

function readMarks(key: string | undefined): ReadonlySet<string> {
  try {
    const kept: unknown = JSON.parse((key !== undefined && localStorage.getItem(key)) || '[]');
    return new Set(Array.isArray(kept) ? kept.filter((each) => typeof each === 'string') : []);
  } catch {
    return new Set();
  }
}
