import type { UsageItem, UsageReport } from '../../contract/usage.ts';
import { countText, moneyText, shortCountText } from '../format/amount.ts';
import { durationText } from '../format/duration.ts';

/** What can be looked at day by day. */
export const metrics = ['runs', 'wallMs', 'cpuMs', 'tokens', 'usd'] as const;
export type Metric = (typeof metrics)[number];

export const spans = [7, 30, 90, 365] as const;
const dayMs = 86_400_000;

/** The last `days` days up to now, in UTC as the server counts them, both included. */
export function rangeOf(
  days: number,
  now: number = Date.now(),
): { readonly from: string; readonly to: string } {
  return { from: isoDay(now - (days - 1) * dayMs), to: isoDay(now) };
}

/** Every day of the report; one without runs is there with nothing. */
export function everyDay({ from, to, items }: UsageReport): UsageItem[] {
  const known = new Map(items.map((item) => [item.key, item]));
  const days: UsageItem[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += dayMs) {
    const key = isoDay(at);
    days.push(known.get(key) ?? { key, runs: 0, failed: 0, wallMs: 0, cpuMs: 0, tokens: 0, usd: 0 });
  }
  return days;
}

/** A figure with its unit. */
export function figureText(metric: Metric, value: number): string {
  if (metric === 'runs') return countText(value);
  if (metric === 'usd') return moneyText(value);
  if (metric === 'tokens') return shortCountText(Math.round(value));
  return value === 0 ? '0 s' : longDuration(value);
}

/** Sums of time grow beyond days: `62 h`. */
function longDuration(ms: number): string {
  return ms >= 10 * 3_600_000 ? `${countText(Math.round(ms / 3_600_000))} h` : durationText(ms);
}

/** `14 Nov`, of a day in UTC. */
export function dayText(day: string): string {
  return dayFormat.format(new Date(`${day}T00:00:00Z`));
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
