import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { GantryError } from '../../../base/errors.ts';

/** bwrap arguments that show the host's programs and libraries, read-only: /usr and what of /etc they need. */
export function hostLayout(): readonly string[] {
  const top = ['bin', 'sbin', 'lib', 'lib64', 'lib32', 'libx32'].flatMap((name) => topDirectory(`/${name}`));
  const etc = ['/etc/ssl', '/etc/alternatives'].flatMap((path) =>
    existsSync(path) ? ['--ro-bind', path, path] : [],
  );
  return ['--ro-bind', '/usr', '/usr', ...top, ...etc];
}

/** Finds bwrap where packages put it; the search path of the process that started Gantry has no say. */
function findBubblewrap(): string | undefined {
  return ['/usr/bin', '/usr/local/bin', '/bin']
    .map((directory) => join(directory, 'bwrap'))
    .find((path) => existsSync(path));
}

/** The path of bwrap. Throws SANDBOX_UNAVAILABLE, with the remedy, when it or a tool beside it is missing. */
export function requireBubblewrap(): string {
  const tool = ['setpriv', 'unshare', 'nsenter'].find((name) => !existsSync(join('/usr/bin', name)));
  if (tool !== undefined) {
    throw new GantryError(
      'SANDBOX_UNAVAILABLE',
      `/usr/bin/${tool} is missing. Install util-linux: apt-get install util-linux.`,
    );
  }
  const path = findBubblewrap();
  if (path !== undefined) return path;
  throw new GantryError('SANDBOX_UNAVAILABLE', `bubblewrap is not installed. ${installRemedy}`);
}

/** Throws SANDBOX_UNAVAILABLE, with the remedy, when this machine can't give a program a terminal. */
export function assertTerminal(): void {
  const tool = ['script', 'stty'].find((name) => !existsSync(join('/usr/bin', name)));
  if (tool === undefined) return;
  throw new GantryError(
    'SANDBOX_UNAVAILABLE',
    `/usr/bin/${tool} is missing, which a terminal needs. Install it (bsdutils or util-linux-script, coreutils), or run without a terminal.`,
  );
}

const installRemedy =
  'Install it: apt-get install bubblewrap (dnf, apk and pacman have it under the same name).';

/** On most systems /bin and its kin are links into /usr; where they are directories, they are shown as such. */
function topDirectory(path: string): string[] {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return [];
  return entry.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}
