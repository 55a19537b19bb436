import { useEffect, useMemo, useState } from 'react';
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
  const [reached, setReached] = useState<{ search?: LogSearch; count: number; done: boolean }>(nowhere);
  const search = useMemo(() => (text === '' ? undefined : createLogSearch(list, text)), [list, text]);
  const { looked } = list;
  useEffect(() => {
    if (!search || search.looked >= looked) return undefined;
    const slice = () => {
      const done = searchOn(search, textOf, sliceMs);
      setReached({ search, count: search.found.length, done });
      if (!done) timer = window.setTimeout(slice);
    };
    let timer = window.setTimeout(slice);
    return () => window.clearTimeout(timer);
  }, [search, looked, textOf]);
  const { count, done } = reached.search === search ? reached : nowhere;
  return {
    ...{ isOpen, text, at, count, searching: search !== undefined && !done },
    current: search?.found[at],
    setText: (sought) => {
      setText(sought);
      setAt(0);
    },
    open: () => setOpen(true),
    close: () => {
      setOpen(false);
      setText('');
    },
    go: (by) => {
      if (count > 0) setAt((at + by + count) % count);
    },
  };
}

const nowhere = { count: 0, done: false };
