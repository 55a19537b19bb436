import { randomBytes } from 'node:crypto';
import type { SandboxLimitName } from '../../../resources/ports/sandbox.ts';
import type { Workspace } from '../../../resources/workspace/workspace.ts';
import { openFrames, type Heard } from './frames.ts';
import { runnerScript } from './runner-script.ts';

/** A command that is to be run beside others. */
export interface Program {
  readonly name: string;
  /** For `/bin/sh -c`, from the repository's root or `cwd`. */
  readonly command: string;
  readonly cwd?: string;
  readonly timeoutMs: number;
  /** Kept from the beginning and from the end of what it prints, in bytes. */
  readonly keep: { readonly head: number; readonly tail: number };
}

export type ProgramEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'limit'; readonly limit: SandboxLimitName }
  /** It ended without a word of how: somebody ended what runs it. */
  | { readonly kind: 'lost' };

export interface ProgramOutcome {
  readonly end: ProgramEnd;
  /** Both streams, as they came. */
  readonly text: string;
  readonly durationMs: number;
}

export interface ProgramOptions {
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string>>;
  readonly onOutput?: ((name: string, text: string) => void) | undefined;
}

const root = '/workspace';
const graceMs = 15_000;
/** What a program left running may still hold its output open; so long is waited for the rest of it. */
const drainMs = 3000;

/**
 * Runs programs side by side in the workspace's one sandbox, each with a time limit and output of its own. When they are
 * too much for it together, those that did not end well run again, one by one.
 */
export async function runPrograms(
  workspace: Workspace,
  programs: readonly Program[],
  options: ProgramOptions,
): Promise<ProgramOutcome[]> {
  const together = await runTogether(workspace, programs, options);
  if (programs.length === 1 || !together.isCrowded) return together.outcomes;
  const outcomes: ProgramOutcome[] = [];
  for (const [index, program] of programs.entries()) {
    const first = together.outcomes[index];
    if (first && isOwnEnd(first.end)) outcomes.push(first);
    else outcomes.push(...(await runTogether(workspace, [program], options)).outcomes);
  }
  return outcomes;
}

/** No other program can have made it end like this. */
function isOwnEnd(end: ProgramEnd): boolean {
  return end.kind === 'timeout' || (end.kind === 'exited' && end.code === 0);
}

interface Together {
  readonly outcomes: ProgramOutcome[];
  /** A limit was reached that they share. */
  readonly isCrowded: boolean;
}

async function runTogether(
  workspace: Workspace,
  programs: readonly Program[],
  { signal, env, onOutput }: ProgramOptions,
): Promise<Together> {
  if (programs.length === 0) return { outcomes: [], isCrowded: false };
  // Read by the script alone: a program that is to be checked can't say how another one ended.
  const nonce = randomBytes(12).toString('hex');
  const over = new AbortController();
  let drain: NodeJS.Timeout | undefined;
  const frames = openFrames(nonce, programs.length, {
    onText: (index, text) => onOutput?.(programs[index]?.name ?? '', text),
    onAllExited: () => (drain = setTimeout(() => over.abort(), drainMs)),
  });
  try {
    const { exit } = await workspace.exec({
      argv: ['/bin/sh', '-c', runnerScript, 'checks', ...programs.flatMap(argumentsOf)],
      stdin: Buffer.from(`${nonce}\n`),
      env,
      limits: { wallMs: Math.max(...programs.map(({ timeoutMs }) => timeoutMs)) + graceMs },
      signal: AbortSignal.any([signal, over.signal]),
      onOutput: ({ stream, data }) => void (stream === 'stdout' && frames.push(data)),
    });
    signal.throwIfAborted();
    const limit = exit.kind === 'limit' ? exit.limit : undefined;
    const outcomes = programs.map((program, index) => outcomeOf(program, frames.heard(index), limit));
    const isShared = limit !== undefined && limit !== 'wall';
    return { outcomes, isCrowded: isShared || outcomes.some(({ end }) => end.kind === 'lost') };
  } finally {
    clearTimeout(drain);
  }
}

function argumentsOf({ command, cwd = '', timeoutMs, keep }: Program, index: number): string[] {
  const seconds = String(Math.ceil(timeoutMs / 1000));
  const directory = cwd === '' ? root : `${root}/${cwd}`;
  return [String(index), seconds, directory, command, String(keep.head), String(keep.tail)];
}

function outcomeOf(
  { timeoutMs }: Program,
  { code, text, durationMs }: Heard,
  limit: SandboxLimitName | undefined,
): ProgramOutcome {
  return { end: endOf(code, durationMs >= timeoutMs * 0.9, limit), text, durationMs };
}

function endOf(code: number | undefined, isLate: boolean, limit: SandboxLimitName | undefined): ProgramEnd {
  if (code === 0) return { kind: 'exited', code };
  if (isLate && (code === undefined || code === 124 || code >= 128)) return { kind: 'timeout' };
  if (limit === 'wall') return { kind: 'timeout' };
  if (limit !== undefined) return { kind: 'limit', limit };
  return code === undefined ? { kind: 'lost' } : { kind: 'exited', code };
}
