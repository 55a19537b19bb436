import { useCallback, useMemo, useState } from 'react';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Takes a run in or out; with `range`, all from the one touched last. */
  toggle(id: string, range: boolean): void;
  set(ids: readonly string[]): void;
}

/** Which of the shown runs are selected; one that is no longer shown is not. */
export function useSelection(shown: readonly string[]): Selection {
  const [chosen, setChosen] = useState<{ ids: ReadonlySet<string>; last: string | null }>({
    ids: new Set(),
    last: null,
  });
  const ids = useMemo(() => {
    const there = new Set(shown);
    return new Set([...chosen.ids].filter((id) => there.has(id)));
  }, [chosen, shown]);
  const toggle = useCallback(
    (id: string, range: boolean) =>
      setChosen(({ ids: before, last }) => {
        const next = new Set(before);
        const span = range && last !== null ? between(shown, last, id) : [];
        if (span.length > 0) for (const each of span) next.add(each);
        else if (!next.delete(id)) next.add(id);
        return { ids: next, last: id };
      }),
    [shown],
  );
  const set = useCallback((all: readonly string[]) => setChosen({ ids: new Set(all), last: null }), []);
  return useMemo(() => ({ ids, toggle, set }), [ids, toggle, set]);
}

function between(shown: readonly string[], one: string, other: string): readonly string[] {
  const ends = [shown.indexOf(one), shown.indexOf(other)].toSorted((a, b) => a - b);
  const [from = -1, to = -1] = ends;
  return from < 0 ? [] : shown.slice(from, to + 1);
}
