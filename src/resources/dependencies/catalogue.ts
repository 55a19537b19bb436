import { compiledManagers, rubyManagers } from './compiled.ts';
import { nodeManagers } from './node.ts';
import type { Installer } from './installer.ts';
import { pythonManagers } from './python.ts';

/** Every way to install packages; within an ecosystem the first that matches a directory is used. */
export const installers: readonly Installer[] = [
  ...nodeManagers,
  ...pythonManagers,
  ...compiledManagers,
  ...rubyManagers,
];

export function installerNamed(name: string): Installer | undefined {
  return installers.find((manager) => manager.name === name);
}
