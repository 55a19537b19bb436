import { durationText } from '../format/duration.ts';
import { useNow } from '../live/clock.ts';

/** A sum of times that may still be growing. */
export function Elapsed({ baseMs, since }: { baseMs: number; since: string | null }) {
  return since === null ? <>{durationText(baseMs)}</> : <Growing baseMs={baseMs} since={since} />;
}

function Growing({ baseMs, since }: { baseMs: number; since: string }) {
  return <>{durationText(baseMs + Math.max(0, useNow() - Date.parse(since)))}</>;
}
