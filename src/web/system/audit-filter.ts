import { queryText } from '../api/client.ts';

/** What a page of the audit log can be narrowed down to, as its address says it. */
export interface AuditFilters {
  readonly user?: string;
  readonly kind?: string;
  readonly target?: string;
  readonly outcome?: 'done' | 'refused';
  readonly time?: Span;
}

export const spans = ['hour', 'day', 'week', 'month'] as const;
export type Span = (typeof spans)[number];

const hours: Readonly<Record<Span, number>> = { hour: 1, day: 24, week: 168, month: 720 };

export const auditKinds = [
  ...['users', 'keys', 'invitations', 'sign-in', 'secrets', 'settings', 'schedules', 'runs', 'executions'],
  ...['scripts', 'system', 'inbox'],
] as const;

/** `01a1fe6c…7c10e4`: an id whose ends tell it apart; what is no id stays as it is. */
export function shortId(text: string): string {
  return text.replaceAll(
    /\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{6}([0-9a-f]{6})\b/g,
    '$1…$2',
  );
}

/** Reads an address; what it does not understand counts as not said. */
export function filtersOf(search: Readonly<Record<string, unknown>>): AuditFilters {
  const text = (name: string) => {
    const value = search[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : undefined;
  };
  const [user, kind, target] = [text('user'), text('kind'), text('target')];
  const outcome = text('outcome');
  const time = spans.find((span) => span === search['time']);
  return {
    ...(user && { user }),
    ...(kind && { kind }),
    ...(target && { target }),
    ...((outcome === 'done' || outcome === 'refused') && { outcome }),
    ...(time && { time }),
  };
}

/** The query of the API for these filters. */
export function queryOf({ time, ...filters }: AuditFilters, now: number): Record<string, string> {
  const since = time && new Date(now - hours[time] * 3_600_000).toISOString();
  return { ...filters, ...(since && { since }) };
}

/** Where the same is downloaded. */
export function exportAddress(filters: AuditFilters, format: 'csv' | 'json', now: number): string {
  return `/api/v1/audit/export${queryText({ ...queryOf(filters, now), format })}`;
}
