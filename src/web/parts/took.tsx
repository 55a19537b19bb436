import { durationText } from '../format/duration.ts';
import { useNow } from '../live/clock.ts';

/** How long something took, or takes so far; an en dash when it hasn't begun. */
export function Took({ from, to }: { from: string | null; to: string | null }) {
  return to === null && from !== null ? <Elapsed from={from} /> : <>{between(from, to)}</>;
}

function Elapsed({ from }: { from: string }) {
  return <>{durationText(Math.max(0, useNow() - Date.parse(from)))}</>;
}

function between(from: string | null, to: string | null): string {
  return from === null || to === null ? '–' : durationText(Date.parse(to) - Date.parse(from));
}
