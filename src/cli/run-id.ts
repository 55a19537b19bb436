import { GantryError } from '../base/errors.ts';
import type { Run } from '../contract/run.ts';
import type { Client } from './client.ts';
import { withQuery, type Page } from './page.ts';

const shortest = 13;
/** Characters of an id that the server can look for by itself. */
const searchable = 8;

/** The shortest beginnings, 13 characters at least, that tell these ids apart. */
export function shortIds(ids: readonly string[]): Map<string, string> {
  const sorted = [...new Set(ids)].sort();
  const shared = (a: string, b = '') => [...a].findIndex((character, at) => character !== b[at]);
  return new Map(
    sorted.map((id, at) => {
      const needed = Math.max(shared(id, sorted[at - 1]), shared(id, sorted[at + 1])) + 1;
      return [id, id.slice(0, Math.max(shortest, needed))];
    }),
  );
}

/**
 * The whole id for its beginning. A run's id starts with the time of its making (UUIDv7), so the search through the list,
 * newest first, ends where runs are older than the beginning allows. NOT_FOUND without a match, CONFLICT with several.
 */
export async function resolveRunId(client: Client, text: string): Promise<string> {
  const prefix = text.toLowerCase();
  if (prefix.length === 36) return prefix;
  if (!/^[0-9a-f-]{4,35}$/.test(prefix)) {
    throw new GantryError('INPUT_INVALID', `"${text}" is no run id. \`gantry runs\` lists them.`);
  }
  const found = await idsWithPrefix(client, prefix);
  const [only] = found;
  if (only === undefined)
    throw new GantryError('NOT_FOUND', `No run's id starts with ${prefix}. \`gantry runs\` lists them.`);
  if (found.length > 1) {
    throw new GantryError(
      'CONFLICT',
      `Several runs' ids start with ${prefix}. Give more of it: ${found.slice(0, 3).join(', ')}.`,
    );
  }
  return only;
}

async function idsWithPrefix(client: Client, prefix: string): Promise<string[]> {
  if (prefix.replaceAll('-', '').length >= searchable) {
    const page = await client.call<Page<Run>>('GET', withQuery('/runs', { q: prefix, limit: '5' }));
    return page.items.map((run) => run.id).filter((id) => id.startsWith(prefix));
  }
  const found: string[] = [];
  let cursor = '';
  do {
    const page = await client.call<Page<Run>>('GET', `/runs?limit=200${cursor}`);
    found.push(...page.items.map((run) => run.id).filter((id) => id.startsWith(prefix)));
    const oldest = page.items.at(-1);
    if (typeof page.next !== 'string' || !oldest || oldest.id < prefix) break;
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
  } while (found.length < 2);
  return found;
}
