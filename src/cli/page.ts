import type { Client } from './client.ts';

/** A page of a list as the API answers it. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Null, or not there where the list has one page only. */
  readonly next?: string | null;
}

/** `path` with the query parameters that have a value. */
export function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const told = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return told.length === 0 ? path : `${path}?${new URLSearchParams(told)}`;
}

/** All items of a list, page after page; `path` has no query. */
export async function allItems<Item>(client: Client, path: string): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.call<Page<Item>>('GET', withQuery(path, { cursor }));
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}
