import type { QuietHours } from '../../contract/settings.ts';

const minuteMs = 60_000;

/** When the quiet hours that hold at `now` are over; null when none hold. By the wall clock of their time zone. */
export function quietUntil(quiet: QuietHours | null, now: Date): Date | null {
  if (!quiet || quiet.from === quiet.to) return null;
  const at = minutesOf(clockIn(quiet.timeZone, now));
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  const within = from < to ? at >= from && at < to : at >= from || at < to;
  if (!within) return null;
  const left = (to - at + 1440) % 1440;
  const end = new Date(Math.floor(now.getTime() / minuteMs) * minuteMs + left * minuteMs);
  // Where the clocks change in between, the guess is an hour off.
  const off = minutesOf(clockIn(quiet.timeZone, end)) - to;
  const shift = off > 720 ? off - 1440 : off < -720 ? off + 1440 : off;
  return new Date(Math.max(now.getTime() + minuteMs, end.getTime() - shift * minuteMs));
}

function clockIn(timeZone: string, at: Date): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return format.format(at);
}

function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}
