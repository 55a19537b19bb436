const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const clockSeconds = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });

/** `12:04` today, `14 Nov` this year, `14 Nov 2025` before. */
export function shortTime(iso: string, now: Date = new Date()): string {
  const at = new Date(iso);
  if (at.toDateString() === now.toDateString()) return clock.format(at);
  return at.getFullYear() === now.getFullYear() ? day.format(at) : dayYear.format(at);
}

/** `12:04:31`. */
export function clockTime(at: string | Date): string {
  return clockSeconds.format(new Date(at));
}

/** All of it, with the time zone: for the title of a short one. */
export function exactTime(iso: string): string {
  return exact.format(new Date(iso));
}
