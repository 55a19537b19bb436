import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { GantryError } from '../../base/errors.ts';
import type { Shim } from '../egress/shim.ts';
import { workspaceDirectory, type Sandbox } from '../ports/sandbox.ts';
import { storeName, type PackageManager } from './package-manager.ts';

const source = readFileSync(new URL('tidy.cjs', import.meta.url), 'utf8');
const nowSchema = z.object({ now: z.string().regex(/^\d+$/) });
const leftSchema = z.object({ changed: z.array(z.string()), more: z.int(), kept: z.int() });

/** What an install left. */
export interface Left {
  /** Files of the repository that it changed or removed; at most twenty. */
  readonly changed: readonly string[];
  readonly more: number;
  /** Directories that are kept. */
  readonly kept: number;
}

/** The kernel's time in the sandbox, in nanoseconds; files changed later are told by it. */
export async function timeIn(sandbox: Sandbox, shim: Shim, signal: AbortSignal): Promise<string> {
  return nowSchema.parse(await runTidy(sandbox, shim, null, signal)).now;
}

/** Removes everything that came after `since` and isn't kept. */
export async function tidy(
  sandbox: Sandbox,
  shim: Shim,
  options: {
    readonly since: string;
    readonly tracked: readonly string[];
    readonly directory: string;
    readonly manager: PackageManager;
    readonly signal: AbortSignal;
  },
): Promise<Left> {
  const { since, tracked, directory, manager } = options;
  const keeps = manager.keeps.map((name) => ({ name, everywhere: name === storeName }));
  return leftSchema.parse(await runTidy(sandbox, shim, { since, tracked, directory, keeps }, options.signal));
}

async function runTidy(sandbox: Sandbox, shim: Shim, job: unknown, signal: AbortSignal): Promise<unknown> {
  const said = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const { exit } = await sandbox.exec({
    argv: shim.node(source, workspaceDirectory),
    stdin: Buffer.from(JSON.stringify(job)),
    mounts: shim.mounts,
    privateDirectory: 'tidy',
    reservesAddressSpace: true,
    onOutput: ({ stream, data }) => void said[stream].push(data),
    signal,
  });
  signal.throwIfAborted();
  if (exit.kind === 'exited' && exit.code === 0) return JSON.parse(Buffer.concat(said.stdout).toString());
  throw new GantryError(
    'WORKSPACE_FAILED',
    `What an install left could not be looked through: ${Buffer.concat(said.stderr).toString().trim().split('\n').at(-1) ?? exit.kind}`,
  );
}
