import type { Phase } from '../../contract/run-phases.ts';
import type { RunView } from '../../contract/run-view.ts';
import type { RunSummary } from '../../contract/run.ts';
import { isTerminal } from '../../contract/run-status.ts';

/** What hangs on the beam. `label` is a phase's own name; without one, `stage` names a key of the catalogue. */
export interface Stop {
  readonly key: string;
  readonly label: string | undefined;
  readonly stage: 'queued' | 'worked' | 'ended' | undefined;
  readonly state: 'done' | 'active' | 'waiting' | 'failed' | 'stopped' | 'idle';
  /** For whom it is amber: only a person. */
  readonly person: boolean;
  readonly message: string | undefined;
  /** What it took so far; null when that is not known. */
  readonly tookMs: number | null;
  /** Since when it counts on. */
  readonly since: string | null;
  readonly rounds: number;
  /** It was done before, and the run has gone back to what comes before it. */
  readonly again: boolean;
}

/** The phases of a run; of one that names none, its queue, its work and its end. */
export function beamStops(run: Pick<RunSummary, 'status' | 'asks'>, view: RunView): readonly Stop[] {
  const waits = view.status === 'waiting';
  const person = waits && run.asks !== null;
  if (view.phases.length > 0) return stopsOf(view.phases, waits, person);
  const { times, status } = view;
  const ended = isTerminal(status);
  const begun = times.activeMs > 0 || status === 'running' || waits || ended;
  const none = { label: undefined, person: false, message: undefined, since: null, rounds: 1, again: false };
  const working = status === 'running' || (status === 'queued' && times.activeMs > 0);
  return [
    {
      ...{ ...none, key: 'queued', stage: 'queued', tookMs: times.queuedMs },
      state: begun ? 'done' : 'active',
      since: begun ? null : times.since,
    },
    {
      ...{ ...none, key: 'worked', stage: 'worked', person, tookMs: begun ? times.activeMs : null },
      state: ended ? endState(status) : waits ? 'waiting' : working ? 'active' : 'idle',
      since: times.state === 'active' ? times.since : null,
    },
    {
      ...{ ...none, key: 'ended', stage: 'ended', tookMs: null },
      state: ended ? endState(status) : 'idle',
    },
  ];
}

function endState(status: RunSummary['status']): Stop['state'] {
  if (status === 'succeeded') return 'done';
  return status === 'cancelled' ? 'stopped' : 'failed';
}

function stopsOf(phases: readonly Phase[], waits: boolean, person: boolean): Stop[] {
  const now = phases.findIndex(({ state }) => state === 'active');
  return phases.map((phase, index) => stopOf(phase, { waits, person, isAhead: now !== -1 && index > now }));
}

function stopOf(
  phase: Phase,
  {
    waits,
    person,
    isAhead,
  }: { readonly waits: boolean; readonly person: boolean; readonly isAhead: boolean },
): Stop {
  const { name: key, state, message, rounds, workedMs, since } = phase;
  const named = { key, label: key, stage: undefined, rounds };
  const rests = { ...named, state: 'idle', person: false, message: undefined } as const;
  if (state === 'coming') return { ...rests, tookMs: null, since: null, again: false };
  if (state === 'done' && isAhead) return { ...rests, tookMs: workedMs, since: null, again: true };
  const active = state === 'active';
  return {
    ...{ ...named, message, again: false, person: active && person },
    state: active && waits ? 'waiting' : state,
    tookMs: workedMs,
    since,
  };
}
