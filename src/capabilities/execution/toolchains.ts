import { dirname } from 'node:path';
import type { SandboxDriver } from '../../resources/ports/sandbox.ts';
import { discover } from './discover.ts';
import type { Language, Toolchain } from './languages/language.ts';
import { nodeDirectory } from './languages/table.ts';

export interface Toolchains {
  /** Finds out what there is, once; a failure is tried again at the next call. */
  find(): Promise<readonly Toolchain[]>;
  /** What was found; nothing before `find`. */
  readonly found: readonly Toolchain[];
}

/** The languages of this machine, kept for the life of the process. */
export function createToolchains(
  sandboxes: SandboxDriver,
  languages: readonly Language[],
  nodePath: string,
): Toolchains {
  const tools = [{ source: dirname(nodePath), target: nodeDirectory }];
  let finding: Promise<readonly Toolchain[]> | undefined;
  let found: readonly Toolchain[] = [];
  const search = async () => {
    try {
      found = await discover(sandboxes, languages, tools);
      return found;
    } catch (error) {
      finding = undefined;
      throw error;
    }
  };
  return {
    find: () => (finding ??= search()),
    get found() {
      return found;
    },
  };
}
