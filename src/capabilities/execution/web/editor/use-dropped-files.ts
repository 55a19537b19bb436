import { useEffect, useEffectEvent, useState, type RefObject } from 'react';
import type { DraftFile } from '../draft.ts';
import { readFiles } from './read-files.ts';

/** Takes files that are dropped on an element; answers whether some are held over it. The file menu does the same by keyboard. */
export function useDroppedFiles(
  place: RefObject<HTMLElement | null>,
  take: (files: DraftFile[]) => void,
): boolean {
  const [over, setOver] = useState(false);
  const onFiles = useEffectEvent(take);
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const done = new AbortController();
    const on = { signal: done.signal, capture: true };
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    element.addEventListener(
      'dragover',
      (event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        setOver(true);
      },
      on,
    );
    element.addEventListener('dragleave', () => setOver(false), on);
    element.addEventListener(
      'drop',
      (event) => {
        if (!holdsFiles(event) || !event.dataTransfer) return;
        event.preventDefault();
        event.stopPropagation();
        setOver(false);
        void readFiles(event.dataTransfer.files).then((files) => files.length > 0 && onFiles(files));
      },
      on,
    );
    return () => done.abort();
  }, [place]);
  return over;
}
