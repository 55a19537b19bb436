import { firstIdAt } from '../base/ids.ts';
import type { RunStatus, Trigger } from '../contract/run.ts';

/** Which runs a list, a count or an export is about; whoever asks gives what it knows. */
export interface RunFilter {
  readonly capability?: string | undefined;
  readonly status?: RunStatus | readonly RunStatus[] | undefined;
  /** What kind of trigger started it. */
  readonly origin?: Trigger['kind'] | undefined;
  readonly repository?: string | undefined;
  /** Only this user's runs, whatever `by` asks for: what a member may see. */
  readonly userId?: string | undefined;
  /** Only runs that this user started. */
  readonly by?: string | undefined;
  /** Only children of this run. */
  readonly parentId?: string | undefined;
  /** Made then or later. */
  readonly after?: Date | undefined;
  /** Made earlier. */
  readonly before?: Date | undefined;
  /** Text in the title, or the beginning of an id. */
  readonly text?: string | undefined;
}

/** SQL with its values; conditions are built up piece by piece, and every value is a parameter. */
export interface Values {
  /** Answers the parameter that stands for it: `$3`. */
  add(value: unknown): string;
  readonly all: readonly unknown[];
}

export function createValues(): Values {
  const all: unknown[] = [];
  return { all, add: (value) => `$${all.push(value)}` };
}

/** An index that holds the wanted runs in the order of their ids: one branch for each of the values looked for. */
export interface Path {
  /** The condition that the index answers; it needs no other check. */
  readonly covers: Exclude<keyof RunFilter, 'after' | 'before' | 'userId'>;
  /** The first column of the index. */
  readonly column: string;
  readonly values: readonly string[];
  /** The condition of a partial index, as the index says it. */
  readonly partial?: string;
}

const badStatuses: readonly RunStatus[] = ['failed', 'cancelled', 'dead'];
const activeStatuses: readonly RunStatus[] = ['queued', 'running', 'waiting'];

/** Every index that could lead to what the filter asks for. */
export function pathsTo(filter: RunFilter): Path[] {
  const paths: Path[] = [];
  const add = (covers: Path['covers'], column: string, value: string | undefined, partial?: string) => {
    if (value !== undefined) paths.push({ covers, column, values: [value], ...(partial && { partial }) });
  };
  add('parentId', 'parent_id', filter.parentId, 'parent_id IS NOT NULL');
  add('repository', 'repository', filter.repository, 'repository IS NOT NULL');
  add('by', 'user_id', filter.by);
  add('origin', `(trigger ->> 'kind')`, filter.origin);
  add('capability', 'capability', filter.capability);
  for (const statuses of [activeStatuses, badStatuses]) {
    const wanted = statusesOf(filter);
    if (wanted.length === 0 || !wanted.every((status) => statuses.includes(status))) continue;
    const partial = `status IN (${statuses.map((status) => `'${status}'`).join(', ')})`;
    paths.push({ covers: 'status', column: 'status', values: wanted, partial });
  }
  return paths;
}

/** None stands for all. */
function statusesOf({ status }: RunFilter): readonly RunStatus[] {
  return typeof status === 'string' ? [status] : [...new Set(status)];
}

/**
 * What a run must fulfil besides lying on the path, as SQL; `true` when nothing is left to check. A filter by user and
 * one by visibility are the same once they agree: see `narrowed`.
 */
export function conditionOf(filter: RunFilter, path: Path | undefined, values: Values): string {
  const conditions: string[] = [];
  const check = (covers: Path['covers'], sql: string, value: unknown) => {
    if (value === undefined || path?.covers === covers) return;
    conditions.push(sql.replace('?', values.add(value)));
  };
  const statuses = statusesOf(filter);
  check('status', 'status = ANY(?::text[])', statuses.length > 0 ? statuses : undefined);
  check('parentId', 'parent_id = ?::uuid', filter.parentId);
  check('repository', 'coalesce(repository = ?, false)', filter.repository);
  check('by', 'coalesce(user_id = ?, false)', filter.by);
  check('origin', `trigger ->> 'kind' = ?`, filter.origin);
  check('capability', 'capability = ?', filter.capability);
  check('text', 'title ILIKE ?', filter.text === undefined ? undefined : `%${escapeLike(filter.text)}%`);
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

/** The filter with visibility folded into `by`; undefined when the two exclude each other, so that nothing can match. */
export function narrowed(filter: RunFilter): RunFilter | undefined {
  const { userId, by } = filter;
  if (userId !== undefined && by !== undefined && userId !== by) return undefined;
  return { ...filter, userId: undefined, by: by ?? userId };
}

/** Ids from `floor` (with it) up to `ceiling` (without it). */
export interface IdRange {
  readonly floor: string;
  readonly ceiling: string;
}

const lowest = '00000000-0000-0000-0000-000000000000';
const highest = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The ids of the wanted time that come after the cursor in the list. An id tells when its run was made. */
export function idRange({ after, before }: RunFilter, cursor: string | undefined): IdRange {
  const end = before === undefined ? highest : firstIdAt(before.getTime());
  return {
    floor: after === undefined ? lowest : firstIdAt(after.getTime()),
    ceiling: cursor !== undefined && cursor < end ? cursor : end,
  };
}

/** The ids that begin with the text, when it is the beginning of an id: 8 characters at least, with dashes or without. */
export function idsBeginningWith(text: string): IdRange | undefined {
  const hex = text.trim().toLowerCase().replaceAll('-', '');
  if (!/^[0-9a-f]{8,32}$/.test(hex) || !/^[0-9a-f-]+$/i.test(text.trim())) return undefined;
  return { floor: dashed(hex.padEnd(32, '0')), ceiling: dashed(hex.padEnd(32, 'f')) };
}

function dashed(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
