import { runStatuses } from '../../contract/run-status.ts';
import { filterKeys, pieceAt, tokenText, type FilterKey } from './filter-text.ts';

/** What can be said of runs that the page knows: names to offer. */
export interface Offers {
  readonly kinds: readonly string[];
  readonly people: readonly string[];
  readonly repositories: readonly string[];
}

export interface Completion {
  /** What is put into the field. */
  readonly text: string;
  /** The key whose meaning is explained beside it; null for a value. */
  readonly explains: FilterKey | null;
}

const origins = ['user', 'key', 'webhook', 'schedule', 'run', 'system'];
const times = ['1h', 'today', '24h', '7d', '30d'];
const mostShown = 8;

/** What the word at the caret could become: keys while it is a bare word, then the values of its key. */
export function completionsAt(text: string, caret: number, offers: Offers): Completion[] {
  const { key, value } = pieceAt(text, caret);
  if (key === null) {
    const typed = value.toLowerCase();
    if (typed.length > 20) return [];
    return filterKeys
      .filter((each) => each.startsWith(typed))
      .map((each) => ({ text: `${each}:`, explains: each }));
  }
  const typed = value.toLowerCase();
  return valuesOf(key, offers)
    .filter((each) => each.toLowerCase().includes(typed) && each.toLowerCase() !== typed)
    .slice(0, mostShown)
    .map((each) => ({ text: tokenText(key, each), explains: null }));
}

function valuesOf(key: FilterKey, { kinds, people, repositories }: Offers): readonly string[] {
  const values: Readonly<Record<FilterKey, readonly string[]>> = {
    status: runStatuses,
    kind: kinds,
    by: ['me', ...people],
    origin: origins,
    repo: repositories,
    after: times,
    before: times,
    parent: [],
  };
  return values[key];
}
