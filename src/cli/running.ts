import { readFileSync } from 'node:fs';
import { readLocalSignIn, type LocalSignIn } from '../resources/identity/local-sign-in.ts';

/**
 * The server that really runs on this data directory: its file names a process that is a Gantry. A file that a killed
 * server left, whose process id belongs to something else by now, counts as none.
 */
export async function findRunning(dataDir: string): Promise<LocalSignIn | null> {
  const local = await readLocalSignIn(dataDir);
  return local && isGantry(local.pid) ? local : null;
}

function isGantry(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .some((word) => word.endsWith('/cli/main.ts'));
  } catch {
    return false;
  }
}
