import type { EventFilterInput } from '../../contract/system.ts';

/** What events are looked for by, as it stands in the page's address. */
export interface EventFilters {
  readonly type?: string;
  readonly run?: string;
  readonly capability?: string;
  readonly by?: string;
  readonly when?: When;
  readonly q?: string;
}

export const whens = ['1h', '24h', '7d'] as const;
export type When = (typeof whens)[number];

const spansMs: Readonly<Record<When, number>> = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000 };
const names = ['type', 'run', 'capability', 'by', 'q'] as const;

/** What of an address is a filter; the rest is left out. */
export function eventFiltersOf(search: Readonly<Record<string, unknown>>): EventFilters {
  const texts = names.flatMap((name) => {
    const value = search[name];
    return typeof value === 'string' && value !== '' ? [[name, value.slice(0, 200)] as const] : [];
  });
  const when = whens.find((each) => each === search['when']);
  return { ...Object.fromEntries(texts), ...(when && { when }) };
}

/** The same as the server is asked. */
export function eventQueryOf({ when, ...rest }: EventFilters, now: number): EventFilterInput {
  return { ...rest, ...(when && { after: new Date(now - spansMs[when]).toISOString() }) };
}

/** One changed; an empty value takes it away. */
export function withFilter(filters: EventFilters, name: keyof EventFilters, value: string): EventFilters {
  return eventFiltersOf({ ...filters, [name]: value });
}

/** Which runs a replay of what is shown would mean: the same, without the type of event. */
export function replayFilterOf(filters: EventFilters, now: number): Readonly<Record<string, unknown>> {
  const { type: _type, run, ...query } = eventQueryOf(filters, now);
  return run === undefined ? query : { ids: [run] };
}
