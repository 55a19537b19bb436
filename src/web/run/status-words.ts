import type { RunView } from '../../contract/run-view.ts';
import type { RunStatus, RunSummary } from '../../contract/run.ts';
import { isTerminal } from '../../contract/run-status.ts';
import { mayAnswer } from '../../contract/answer-rules.ts';

/** A status as the page words it: a key of the catalogue and its values. */
export interface StatusWords {
  readonly status: RunStatus;
  readonly waitsForPerson: boolean;
  readonly key:
    | 'plain'
    | 'cancelling'
    | 'phase'
    | 'attempt'
    | 'waitingYou'
    | 'waitingName'
    | 'waitingAdmin'
    | 'waitingMember'
    | 'waitingUntil'
    | 'waitingFor'
    | 'pausing'
    | 'paused'
    | 'pausedBy';
  readonly values: Readonly<Record<string, string | number>>;
}

interface Known {
  readonly run: Pick<RunSummary, 'status' | 'asks' | 'waitingFor' | 'paused'>;
  /** Undefined until the events are there. */
  readonly view: RunView | undefined;
  readonly me: { readonly userId: string; readonly role: string } | undefined;
  readonly nameOf: (userId: string) => string;
}

/** The state of a run in words: what it does, or for whom it waits. The events are newer than the row. */
export function statusWords({ run, view, me, nameOf }: Known): StatusWords {
  const status = isTerminal(run.status) ? run.status : (view?.status ?? run.status);
  const say = (key: StatusWords['key'], values: StatusWords['values'] = {}, waitsForPerson = false) => ({
    ...{ status, key, values, waitsForPerson },
  });
  if (isTerminal(status)) return say('plain');
  if (view?.cancelling) return say('cancelling');
  const paused = pausedNow(run, view);
  if (paused && status === 'running') return say('pausing');
  if (paused && !(status === 'waiting' && run.asks))
    return paused.by === null ? say('paused') : say('pausedBy', { name: nameOf(paused.by) });
  if (status === 'waiting') return waitingWords(run, view, me, say);
  const phase = view?.phases.find((each) => each.state === 'active');
  if (status === 'running' && phase) return say('phase', { phase: phase.name });
  if (status === 'running' && view && view.attempt > 1) return say('attempt', { attempt: view.attempt });
  return say('plain');
}

/** Who paused the run, if somebody has: the events are newer than the row. */
export function pausedNow(run: Pick<RunSummary, 'paused'>, view: RunView | undefined): RunSummary['paused'] {
  return view ? view.paused : run.paused;
}

function waitingWords(
  { asks, waitingFor }: Known['run'],
  view: RunView | undefined,
  me: Known['me'],
  say: (key: StatusWords['key'], values?: StatusWords['values'], waitsForPerson?: boolean) => StatusWords,
): StatusWords {
  if (asks) {
    if (me && mayAnswer(asks.who, me)) return say('waitingYou', {}, true);
    const { who } = asks;
    if (who.kind === 'user') return say('waitingName', { name: who.name ?? who.userId }, true);
    return say(who.role === 'admin' ? 'waitingAdmin' : 'waitingMember', {}, true);
  }
  const until = view?.waiting?.until;
  if (until) return say('waitingUntil', { until });
  return say('waitingFor', { for: view?.waiting?.for ?? waitingFor ?? '' });
}
