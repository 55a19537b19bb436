import { useLocation, useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';

export interface LineLink {
  /** The line that the address names: `#L120`. */
  readonly line: number | undefined;
  set(line: number): void;
}

export function useLineLink(): LineLink {
  const hash = useLocation({ select: (location) => location.hash });
  const navigate = useNavigate();
  const found = /^L(\d{1,9})$/.exec(hash)?.[1];
  const set = useCallback(
    (line: number) =>
      void navigate({
        ...{ to: '.', hash: `L${line}`, replace: true, resetScroll: false, hashScrollIntoView: false },
        search: (now: object) => ({ ...now, tab: 'log' }),
      }),
    [navigate],
  );
  return { line: found === undefined ? undefined : Number(found), set };
}
