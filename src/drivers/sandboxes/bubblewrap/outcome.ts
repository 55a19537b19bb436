import { constants } from 'node:os';
import type { SandboxExit, SandboxLimitName } from '../../../resources/ports/sandbox.ts';
import type { Ending } from './spawner.ts';

/** Why the host killed the program. */
export type KillCause = 'wall' | 'cpu' | 'memory' | 'output' | 'cancelled';

export interface Facts {
  readonly ending: Ending;
  readonly killedFor: KillCause | undefined;
  readonly oomKills: number;
  readonly processHits: number;
  readonly diskFull: () => boolean;
}

/** Where two names share a number (SIGABRT, SIGIOT), the first is the usual one: a map keeps the last. */
const signalNames = new Map<number, string>(
  Object.entries(constants.signals)
    .map(([name, number]) => [number, name] as const)
    .reverse(),
);

/**
 * Says how the program ended. What the host killed it for comes first; then the signals and counters of the kernel's
 * limits. A program that ended with 0 was not ended by a limit, even if one of its children was.
 *
 * bwrap, like a shell, reports a signal as 128 plus its number: a program that exits with such a code by itself can't be
 * told apart from one that was killed.
 */
export function exitOf(facts: Facts): SandboxExit {
  if (facts.killedFor === 'cancelled') return { kind: 'cancelled' };
  const { code, signal } = plainEnding(facts.ending);
  const limit = facts.killedFor ?? (code === 0 ? undefined : reachedLimit(facts, signal));
  if (limit !== undefined) return { kind: 'limit', limit, code, signal };
  return signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'signalled', signal };
}

function reachedLimit(facts: Facts, signal: string | null): SandboxLimitName | undefined {
  if (signal === 'SIGXCPU') return 'cpu';
  if (facts.oomKills > 0) return 'memory';
  if (signal === 'SIGXFSZ') return 'disk';
  if (facts.processHits > 0) return 'processes';
  return facts.diskFull() ? 'disk' : undefined;
}

function plainEnding({ code, signal }: Ending): {
  readonly code: number | null;
  readonly signal: string | null;
} {
  if (signal !== null) return { code: null, signal };
  const name = code !== null && code > 128 ? signalNames.get(code - 128) : undefined;
  return name === undefined ? { code, signal: null } : { code: null, signal: name };
}
