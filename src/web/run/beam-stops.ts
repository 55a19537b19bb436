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
}

/** The phases of a run; of one that names none, its queue, its work and its end. */
export function beamStops(run: Pick<RunSummary, 'status' | 'asks'>, view: RunView): readonly Stop[] {
  const waits = view.status === 'waiting';
  const person = waits && run.asks !== null;
  if (view.phases.length > 0) return view.phases.map((phase) => stopOf(phase, waits, person));
  const { times, status } = view;
  const ended = isTerminal(status);
  const begun = times.activeMs > 0 || status === 'running' || waits || ended;
  const none = { label: undefined, person: false, message: undefined, since: null, rounds: 1 };
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

function stopOf(phase: Phase, waits: boolean, person: boolean): Stop {
  if (phase.state === 'coming') {
    const { name: key } = phase;
    const none = { stage: undefined, person: false, message: undefined, tookMs: null, since: null };
    return { ...none, key, label: key, state: 'idle', rounds: 0 };
  }
  const active = phase.state === 'active';
  return {
    ...{ key: phase.name, label: phase.name, stage: undefined, message: phase.message, rounds: phase.rounds },
    state: active && waits ? 'waiting' : phase.state,
    person: active && person,
    tookMs: phase.endedAt === null ? 0 : Date.parse(phase.endedAt) - Date.parse(phase.startedAt),
    since: active ? phase.startedAt : null,
  };
}
