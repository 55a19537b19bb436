import { GantryError } from '../../base/errors.ts';
import { inert } from '../../base/inert.ts';
import type { Shim } from '../egress/shim.ts';
import { workspaceDirectory, type Sandbox } from '../ports/sandbox.ts';

export interface OwnScript {
  readonly source: string;
  readonly args?: readonly string[];
  readonly input?: unknown;
  readonly readOnly?: boolean;
  /** For the error: `what an install left`. */
  readonly subject: string;
  readonly signal: AbortSignal;
}

/** Runs a script of ours in a sandbox and reads the JSON that it prints. WORKSPACE_FAILED when it fails. */
export async function runOwnScript(sandbox: Sandbox, shim: Shim, script: OwnScript): Promise<unknown> {
  const said = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const { exit } = await sandbox.exec({
    argv: shim.node(script.source, workspaceDirectory, ...(script.args ?? [])),
    stdin: Buffer.from(JSON.stringify(script.input ?? null)),
    mounts: shim.mounts,
    privateDirectory: 'tidy',
    ...(script.readOnly === true && { readOnly: true }),
    reservesAddressSpace: true,
    onOutput: ({ stream, data }) => void said[stream].push(data),
    signal: script.signal,
  });
  script.signal.throwIfAborted();
  if (exit.kind === 'exited' && exit.code === 0) return JSON.parse(Buffer.concat(said.stdout).toString());
  const why = /^\w*Error: .*$/m.exec(Buffer.concat(said.stderr).toString())?.[0] ?? exit.kind;
  throw new GantryError(
    'WORKSPACE_FAILED',
    `It was not possible to look at ${script.subject}: ${inert(why).slice(0, 300)}.`,
  );
}
