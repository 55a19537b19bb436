import type { Outcome } from '../schema.ts';

/** What became of a run, as a key of the catalogue and the figures that go into it. */
export interface ResultWords {
  readonly key: `result.${Outcome | 'cancelled' | 'error' | 'dead'}`;
  readonly tone: 'ok' | 'bad' | 'idle';
  readonly values: Readonly<Record<string, string | number>>;
}

interface Ended {
  readonly status: string;
  readonly error: { readonly message: string } | null;
  readonly output: {
    readonly outcome: Outcome;
    readonly exitCode: number | null;
    readonly signal: string | null;
    readonly wallMs: number;
  } | null;
}

/** The words for a run that has ended; undefined for one that has not. `limits` are those that it ran under. */
export function resultWords(run: Ended, limits: Readonly<Record<string, number>>): ResultWords | undefined {
  if (run.status === 'cancelled') return { key: 'result.cancelled', tone: 'idle', values: {} };
  const values = { message: run.error?.message ?? '' };
  if (run.status === 'failed') return { key: 'result.error', tone: 'bad', values };
  if (run.status === 'dead') return { key: 'result.dead', tone: 'bad', values };
  if (run.status !== 'succeeded' || run.output === null) return undefined;
  const { outcome, exitCode, signal, wallMs } = run.output;
  return {
    key: `result.${outcome}`,
    tone: outcome === 'ok' ? 'ok' : 'bad',
    values: {
      exitCode: exitCode ?? '–',
      signal: signal ?? '–',
      took: secondsOf(wallMs),
      wall: secondsOf(limits['wallMs'] ?? 0),
      idle: secondsOf(limits['idleMs'] ?? 0),
      cpu: secondsOf(limits['cpuMs'] ?? 0),
      memory: Math.round((limits['memoryBytes'] ?? 0) / 1_048_576),
      output: Math.round((limits['outputBytes'] ?? 0) / 1024),
      disk: Math.round((limits['diskBytes'] ?? 0) / 1_048_576),
      processes: limits['processes'] ?? 0,
    },
  };
}

/** `0.08`, `1.2`, `10`: seconds with as many digits as say something. */
function secondsOf(ms: number): string {
  const seconds = ms / 1000;
  return String(
    seconds < 1
      ? Number(seconds.toFixed(2))
      : seconds < 100
        ? Number(seconds.toFixed(1))
        : Math.round(seconds),
  );
}

/** A run in a list, in a word or two: the program's own end where the run itself went well. */
export function resultTitle(
  status: string,
  result: {
    readonly outcome: Outcome;
    readonly exitCode: number | null;
    readonly signal: string | null;
  } | null,
): {
  readonly bad: boolean;
  readonly key?: `ended.${Outcome}`;
  readonly values?: Readonly<Record<string, string | number>>;
} {
  if (status !== 'succeeded' || !result || result.outcome === 'ok') return { bad: false };
  const { outcome, exitCode, signal } = result;
  return { bad: true, key: `ended.${outcome}`, values: { exitCode: exitCode ?? '–', signal: signal ?? '–' } };
}
