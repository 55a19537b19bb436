import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Shim } from '../egress/shim.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import { runOwnScript } from './own-script.ts';
import { storeName, type Installer } from './installer.ts';

const source = readFileSync(new URL('tidy.cjs', import.meta.url), 'utf8');
const leftSchema = z.object({ changed: z.array(z.string()), more: z.int(), kept: z.int() });

/** What an install left. */
export interface Left {
  /** Files of the repository that it changed or removed; at most twenty. */
  readonly changed: readonly string[];
  readonly more: number;
  /** Directories that are kept. */
  readonly kept: number;
}

/** Notes what is in the workspace, before an install. */
export async function noteFiles(sandbox: Sandbox, shim: Shim, signal: AbortSignal): Promise<void> {
  await runOwnScript(sandbox, shim, { source, subject: 'the files of the repository', signal });
}

/** Removes everything that came since `noteFiles` and isn't kept. */
export async function tidy(
  sandbox: Sandbox,
  shim: Shim,
  options: {
    /** Of the project, relative to the workspace. */
    readonly directory: string;
    readonly manager: Installer;
    readonly signal: AbortSignal;
  },
): Promise<Left> {
  const { directory, manager, signal } = options;
  const keeps = manager.keeps.map((name) => ({ name, everywhere: name === storeName }));
  const input = { directory, keeps };
  return leftSchema.parse(
    await runOwnScript(sandbox, shim, { source, input, subject: 'what an install left', signal }),
  );
}
