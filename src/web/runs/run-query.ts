import type { RunSummary } from '../../contract/run.ts';
import { runStatuses, type RunStatus } from '../../contract/run-status.ts';
import type { RunFilterInput } from '../../contract/run-filter.ts';
import { readFilter } from './filter-text.ts';

const spans = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const origins = ['user', 'key', 'webhook', 'schedule', 'run', 'system'] as const;

export interface Asked {
  /** What is sent to the server. */
  readonly params: RunFilterInput;
  /** Tokens that say nothing the server could look for, as they were typed. */
  readonly ignored: readonly string[];
}

/** Ids of people by what they are called, in lower case. */
export type People = ReadonlyMap<string, string>;

/** What the text of the filter field asks the server for. `now` is the moment that `after:7d` counts from. */
export function askedOf(text: string, people: People, now: number = Date.now()): Asked {
  const { tokens, words } = readFilter(text);
  const ignored: string[] = [];
  const take = <Value>(
    name: string,
    value: string | undefined,
    read: (value: string) => Value | undefined,
  ) => {
    const result = value === undefined ? undefined : read(value);
    if (value !== undefined && result === undefined) ignored.push(`${name}:${value}`);
    return result;
  };
  const params = {
    status: take('status', tokens.status, statusesIn),
    capability: take('kind', tokens.kind, (value) => value.slice(0, 100)),
    by: take('by', tokens.by, (value) => people.get(value.toLowerCase()) ?? value.slice(0, 100)),
    origin: take('origin', tokens.origin, (value) =>
      origins.find((origin) => origin === value.toLowerCase()),
    ),
    repository: take('repo', tokens.repo, (value) => value.slice(0, 500)),
    after: take('after', tokens.after, (value) => momentOf(value, now)),
    before: take('before', tokens.before, (value) => momentOf(value, now)),
    parent: take('parent', tokens.parent, (value) => (/^[0-9a-f-]{36}$/.test(value) ? value : undefined)),
    q: words === '' ? undefined : words.slice(0, 200).replaceAll('\0', ''),
  };
  return { params: withoutUndefined(params), ignored };
}

/** `failed,dead` in the server's order; undefined when none of them is a status. */
function statusesIn(value: string): string | undefined {
  const named = value.toLowerCase().split(',');
  const known = runStatuses.filter((status) => named.includes(status));
  return known.length === 0 || known.length < named.filter(Boolean).length ? undefined : known.join(',');
}

/** `7d` ago, a day of the reader's calendar, or an exact time; to the minute, so that a page asks for one thing. */
function momentOf(value: string, now: number): string | undefined {
  const [, count, unit] = /^(\d{1,4})([mhdw])$/.exec(value.toLowerCase()) ?? [];
  if (count !== undefined && (unit === 'm' || unit === 'h' || unit === 'd' || unit === 'w')) {
    return isoMinute(now - Number(count) * spans[unit]);
  }
  if (value.toLowerCase() === 'today') return isoMinute(new Date(now).setHours(0, 0, 0, 0));
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value);
  if (!isDay && !/^\d{4}-\d{2}-\d{2}T/.test(value)) return undefined;
  const at = Date.parse(isDay ? `${value}T00:00` : value);
  return Number.isNaN(at) ? undefined : isoMinute(at);
}

function isoMinute(time: number): string {
  return new Date(Math.floor(time / 60_000) * 60_000).toISOString();
}

function withoutUndefined<Values extends object>(
  values: Values,
): { [Key in keyof Values]?: NonNullable<Values[Key]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Values]?: NonNullable<Values[Key]>;
  };
}

/** Whether a run that has just changed belongs into the list: what the server would say, from what a summary shows. */
export function matches(run: RunSummary, params: RunFilterInput, me: string | undefined): boolean {
  const { status, capability, by, origin, repository, after, before, parent, q } = params;
  const user = by === 'me' ? me : by;
  return (
    (status === undefined || status.split(',').includes(run.status)) &&
    (capability === undefined || run.capability === capability) &&
    (user === undefined || run.userId === user) &&
    (origin === undefined || run.trigger.kind === origin) &&
    (repository === undefined || run.repository === repository) &&
    (after === undefined || run.createdAt >= after) &&
    (before === undefined || run.createdAt < before) &&
    (parent === undefined || run.parentId === parent) &&
    (q === undefined ||
      run.title.toLowerCase().includes(q.toLowerCase()) ||
      run.id.startsWith(q.toLowerCase()))
  );
}

/** The chips above the list, in their order; `all` takes the status out of the filter. */
export const chipStatuses = [
  'waiting',
  'running',
  'queued',
  'failed',
  'dead',
  'succeeded',
  'cancelled',
] as const satisfies readonly RunStatus[];
