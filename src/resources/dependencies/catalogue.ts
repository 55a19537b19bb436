import { compiledManagers, rubyManagers } from './compiled.ts';
import { nodeManagers } from './node.ts';
import type { PackageManager } from './package-manager.ts';
import { pythonManagers } from './python.ts';

/** Every way to install packages; within an ecosystem the first that matches a directory is used. */
export const packageManagers: readonly PackageManager[] = [
  ...nodeManagers,
  ...pythonManagers,
  ...compiledManagers,
  ...rubyManagers,
];

export function packageManagerNamed(name: string): PackageManager | undefined {
  return packageManagers.find((manager) => manager.name === name);
}
