import type { RunChange } from '../../contract/run-change.ts';
import type { RunSummary } from '../../contract/run.ts';

/** A page as the server answers it. */
export interface RunPage {
  readonly items: readonly RunSummary[];
  readonly next: string | null;
  readonly searchedTo: string | null;
}

/** The pages with a run as it is now, or without one that was deleted; the same pages when it stands in none. */
export function changePages(pages: readonly RunPage[], change: RunChange): readonly RunPage[] {
  if (change.kind === 'reset') return pages;
  const id = change.kind === 'run' ? change.run.id : change.runId;
  if (!pages.some(({ items }) => items.some((run) => run.id === id))) return pages;
  return pages.map((page) => {
    const at = page.items.findIndex((run) => run.id === id);
    if (at < 0) return page;
    return {
      ...page,
      items: change.kind === 'run' ? page.items.with(at, change.run) : page.items.toSpliced(at, 1),
    };
  });
}

/** The pages with new runs above the others, the newest first; those that are there already stay where they are. */
export function addToPages(pages: readonly RunPage[], fresh: readonly RunSummary[]): readonly RunPage[] {
  const [first, ...rest] = pages;
  if (first === undefined) return pages;
  const there = new Set(pages.flatMap(({ items }) => items.map((run) => run.id)));
  const added = fresh.filter((run) => !there.has(run.id)).toSorted((a, b) => (a.id < b.id ? 1 : -1));
  return [{ ...first, items: [...added, ...first.items] }, ...rest];
}

/** New runs that are held at most until somebody wants to see them; beyond, the list is read anew. */
export const mostFresh = 200;

/** The new runs with one as it is now, or without one that the filter means no more; the same when it is one too many. */
export function holdFresh(
  held: ReadonlyMap<string, RunSummary>,
  run: RunSummary,
  wanted: boolean,
): ReadonlyMap<string, RunSummary> {
  const known = held.has(run.id);
  if (!known && (!wanted || held.size >= mostFresh)) return held;
  const next = new Map(held);
  if (wanted) next.set(run.id, run);
  else next.delete(run.id);
  return next;
}

/** All runs of the pages once, those of `first` before the others. */
export function rowsOf(pages: readonly RunPage[], first: readonly RunSummary[]): RunSummary[] {
  const latest = new Map(pages.flatMap(({ items }) => items.map((run) => [run.id, run] as const)));
  const pinned = first.map((run) => latest.get(run.id) ?? run);
  const ids = new Set(pinned.map((run) => run.id));
  return [...pinned, ...[...latest.values()].filter((run) => !ids.has(run.id))];
}

/** How far back the list has looked without filling its last page. */
export function searchedTo(pages: readonly RunPage[]): string | null {
  return pages.at(-1)?.searchedTo ?? null;
}
