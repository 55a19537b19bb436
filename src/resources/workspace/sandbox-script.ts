import { GantryError } from '../../base/errors.ts';
import type { ExecRequest, ExecResult, Sandbox } from '../ports/sandbox.ts';
import { privateName, scriptEnvironment } from './scripts.ts';

export interface ScriptRequest extends Pick<ExecRequest, 'stdin' | 'signal' | 'readOnly' | 'mounts'> {
  readonly script: string;
  readonly args: readonly string[];
  /** What it may print, in bytes; more is WORKSPACE_FULL. */
  readonly maxOutput: number;
  /** What is too much is left out in place of failing. */
  readonly cut?: boolean;
  /** Real time, in milliseconds; more is WORKSPACE_FAILED: what strangers left in the files may make it hang. */
  readonly mostMs: number;
  /** What it was about, for people: "checking out the repository". */
  readonly doing: string;
  /** What certain exit codes mean; given what it said. */
  readonly meanings?: Readonly<Record<number, (said: string) => GantryError>>;
}

const keptErrors = 4096;

/**
 * Runs a script of ours in a sandbox and answers what it printed. WORKSPACE_FULL when the files don't fit,
 * WORKSPACE_FAILED when it fails otherwise.
 */
export async function runScript(sandbox: Sandbox, request: ScriptRequest): Promise<Buffer> {
  const overflow = new AbortController();
  const pieces: Uint8Array[] = [];
  let size = 0;
  let said = '';
  const signals = [overflow.signal, ...(request.signal ? [request.signal] : [])];
  const result = await sandbox.exec({
    argv: ['/bin/sh', '-c', request.script, 'gantry', ...request.args],
    env: scriptEnvironment,
    limits: { wallMs: request.mostMs },
    privateDirectory: privateName,
    ...(request.stdin !== undefined && { stdin: request.stdin }),
    ...(request.readOnly === true && { readOnly: true }),
    ...(request.mounts && { mounts: request.mounts }),
    signal: AbortSignal.any(signals),
    onOutput: ({ stream, data }) => {
      if (stream === 'stderr') said = (said + Buffer.from(data).toString()).slice(-keptErrors);
      else {
        size += data.length;
        if (size <= request.maxOutput || request.cut === true) pieces.push(data.slice());
        if (size > request.maxOutput) overflow.abort();
      }
    },
  });
  if (overflow.signal.aborted || result.truncated) {
    if (request.cut === true) return Buffer.concat(pieces);
    throw tooMuch(request);
  }
  if (result.exit.kind === 'exited' && result.exit.code === 0) return Buffer.concat(pieces);
  request.signal?.throwIfAborted();
  throw failure(request, result, said);
}

function failure(
  { doing, meanings, mostMs }: ScriptRequest,
  { exit }: ExecResult,
  said: string,
): GantryError {
  const cause = new Error(`The script ended with ${JSON.stringify(exit)}: ${said}`);
  const code = exit.kind === 'exited' ? exit.code : undefined;
  const full =
    /No space left on device|File too large|File size limit|unable to (write|create file)|Disk quota/i.test(
      said,
    );
  if (
    full ||
    (exit.kind === 'limit' && exit.limit === 'disk') ||
    (exit.kind === 'signalled' && exit.signal === 'SIGXFSZ')
  )
    return new GantryError(
      'WORKSPACE_FULL',
      `The disk of the workspace was full while ${doing}: too many or too large files. Delete what is not needed, or have an operator raise GANTRY_WORKSPACE_MIB.`,
      { cause },
    );
  const meaning = code === undefined ? undefined : meanings?.[code];
  if (meaning) return meaning(said);
  if (exit.kind === 'limit' && exit.limit === 'wall')
    return new GantryError(
      'WORKSPACE_FAILED',
      `The workspace was stopped while ${doing}, for it was not done after ${Math.ceil(mostMs / 1000)} seconds. Try again; if it stays so, its files are too many, or made to hang git: start from a state before them.`,
      { cause },
    );
  if (exit.kind === 'limit' && (exit.limit === 'cpu' || exit.limit === 'memory'))
    return new GantryError(
      'WORKSPACE_FULL',
      `The repository needs more ${exit.limit === 'memory' ? 'memory' : 'time'} than a workspace has, while ${doing}. Make it smaller.`,
      { cause },
    );
  const words = said.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  return new GantryError(
    'WORKSPACE_FAILED',
    `The workspace failed while ${doing}${words === '' ? '.' : `: ${words}.`} Try again.`,
    { cause },
  );
}

function tooMuch({ doing, maxOutput }: ScriptRequest): GantryError {
  return new GantryError(
    'WORKSPACE_FULL',
    `More than ${Math.round(maxOutput / 1024 ** 2)} MiB came together while ${doing}. Delete large files that are not needed, or have an operator raise GANTRY_CHECKPOINT_MIB.`,
  );
}
