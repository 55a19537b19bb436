import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GantryError } from '../../base/errors.ts';

export interface OwnerLock {
  release(): Promise<void>;
}

/**
 * Takes the lock that makes this process the owner of the cluster in `directory`, or answers undefined when another
 * living process has it. The kernel gives it back when the process dies, however it dies.
 */
export async function takeOwnerLock(directory: string): Promise<OwnerLock | undefined> {
  const file = await open(join(directory, 'owner.lock'), 'a+', 0o600);
  try {
    // flock(2) belongs to the open file, not to the process that asked: the lock outlives the flock program.
    if (!(await flock(file.fd))) {
      await file.close();
      return undefined;
    }
    await file.truncate(0);
    await file.write(`${process.pid}\n`);
  } catch (error) {
    await file.close();
    throw error;
  }
  return { release: () => file.close() };
}

/** Process id of the present or last owner, for messages. */
export async function ownerPid(directory: string): Promise<string> {
  const text = await readFile(join(directory, 'owner.lock'), 'utf8').catch(() => '');
  return text.trim() || 'unknown';
}

async function flock(fd: number): Promise<boolean> {
  const child = spawn('flock', ['--exclusive', '--nonblock', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', fd],
  });
  try {
    const [status] = await once(child, 'close');
    return status === 0;
  } catch (cause) {
    const message =
      'The program flock is missing. Install the package util-linux, or name a database with GANTRY_DATABASE_URL.';
    throw new GantryError('DATABASE_FAILED', message, { cause });
  }
}
