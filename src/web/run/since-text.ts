import { clockTime } from '../format/time.ts';

/** `07:19.402` since the beginning; hours in front when there are any. The time of day when that is not known. */
export function sinceText(at: string, from: string | undefined): string {
  if (from === undefined) return clockTime(at);
  const ms = Math.max(0, Date.parse(at) - Date.parse(from));
  const two = (value: number) => String(value).padStart(2, '0');
  const seconds = Math.floor(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const text = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${String(Math.floor(ms % 1000)).padStart(3, '0')}`;
  return hours > 0 ? `${hours}:${text}` : text;
}
