import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { GantryError } from '../../../base/errors.ts';
import { mortal, type CommandResult } from './command.ts';
import { overlayOptions } from './overlay.ts';
import type { Slot } from './slot.ts';
import { makeWorkspace } from './workspace.ts';

/** Directory of a slot's disk that takes what changes above its layers. */
export const UPPER_NAME = 'upper';
const WORK_NAME = 'work';

/** Saved trees that a workspace begins with. */
export interface Trees {
  /** Where the data directory is, below which all of them lie. */
  readonly base: string;
  /** The lowest first. */
  readonly trees: readonly string[];
  /** True where the kernel shows no overlay: the workspace then begins with a copy. */
  readonly copied: boolean;
}

/** Shows the trees, one over the other, as the slot's workspace. */
export async function layTrees(slot: Slot, { base, trees, copied }: Trees): Promise<void> {
  if (trees.length === 0) return;
  const { disk } = slot;
  if (copied) {
    for (const tree of trees)
      told(await disk.run('setpriv', [...mortal, 'cp', '-a', '--', `${tree}/.`, slot.workspace]));
    return;
  }
  makeWorkspace(slot.hostTop, slot.uid);
  mkdirSync(join(disk.hostPath, WORK_NAME), { mode: 0o700 });
  // From within the base: the kernel takes one page of options, in which colons and commas have a meaning.
  const near = (path: string): string => relative(base, path);
  const options = overlayOptions({
    lower: trees.map(near).toReversed(),
    upper: near(join(disk.path, UPPER_NAME)),
    work: near(join(disk.path, WORK_NAME)),
  });
  const mount = 'cd "$1" && exec mount -t overlay -o "$2" gantry-workspace "$3"';
  told(await disk.run('sh', ['-c', mount, 'sh', base, options, near(slot.workspace)]));
}

function told(result: CommandResult): void {
  if (result.code === 0) return;
  const full = /No space left/.test(result.stderr);
  throw new GantryError(
    full ? 'DISK_FULL' : 'SANDBOX_FAILED',
    `The workspace could not be laid over its saved trees: ${result.stderr.trim().slice(0, 500)}.`,
  );
}
