import { useEffect, useRef, useState } from 'react';
import type { LogLine } from '../../contract/run-log.ts';
import type { LineList } from './log-lines.ts';
import { createLogSearch, searchOn, type LogSearch } from './log-search.ts';

const sliceMs = 10;

export interface LogFinder {
  readonly isOpen: boolean;
  readonly text: string;
  readonly searching: boolean;
  readonly count: number;
  /** Which of the matches is looked at, from 0; and the number of its line. */
  readonly at: number;
  readonly current: number | undefined;
  setText(text: string): void;
  open(): void;
  close(): void;
  go(by: 1 | -1): void;
}

/** Finds a text in the log, slice by slice so that nothing freezes, and goes on as lines come. */
export function useLogSearch(list: LineList, textOf: (line: LogLine) => string): LogFinder {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [, redraw] = useState(0);
  const search = useRef<LogSearch | undefined>(undefined);
  const done = useRef(true);
  const { looked } = list;
  useEffect(() => {
    if (text === '') {
      search.current = undefined;
      return undefined;
    }
    let timer: number | undefined;
    if (search.current?.list !== list || search.current.needle !== text.toLowerCase()) {
      search.current = createLogSearch(list, text);
      setAt(0);
    }
    const current = search.current;
    const slice = () => {
      done.current = searchOn(current, textOf, sliceMs);
      redraw((count) => count + 1);
      if (!done.current) timer = window.setTimeout(slice);
    };
    slice();
    return () => window.clearTimeout(timer);
  }, [list, looked, text, textOf]);
  const found = search.current?.found ?? [];
  return {
    ...{ isOpen, text, setText, at, count: found.length, searching: !done.current && text !== '' },
    current: text === '' ? undefined : found[at],
    open: () => setOpen(true),
    close: () => {
      setOpen(false);
      setText('');
    },
    go: (by) => {
      if (found.length > 0) setAt((at + by + found.length) % found.length);
    },
  };
}
