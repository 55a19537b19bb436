import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { GantryError } from '../../base/errors.ts';

/** Held until it is let go, or until this process dies. */
export interface FileLock {
  release(): Promise<void>;
}

/**
 * Takes a lock of the kernel on a file, which every process of this machine heeds. `shared` holders exclude only the
 * exclusive one. Without `wait`, undefined when somebody else has it.
 */
export async function lockFile(
  path: string,
  options: { readonly shared?: boolean; readonly wait: boolean; readonly signal?: AbortSignal | undefined },
): Promise<FileLock | undefined> {
  const flags = [options.shared ? '--shared' : '--exclusive', ...(options.wait ? [] : ['--nonblock'])];
  // Node has no flock; this child has it for us, and ends with its input, thus also when this process dies.
  const child = spawn('flock', [...flags, '--no-fork', path, 'cat'], {
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => undefined);
  // It comes back as soon as the lock is held.
  child.stdin.write('held');
  const ended = new Promise<void>((resolve, reject) => {
    child.on('exit', () => resolve());
    child.on('error', (cause) =>
      reject(
        new GantryError('WORKSPACE_FAILED', 'flock could not be started. Install util-linux.', { cause }),
      ),
    );
  });
  const stop = (): void => void child.kill('SIGKILL');
  options.signal?.addEventListener('abort', stop, { once: true });
  const held = await Promise.race([once(child.stdout, 'data').then(() => true), ended.then(() => false)]);
  options.signal?.removeEventListener('abort', stop);
  options.signal?.throwIfAborted();
  if (!held) return undefined;
  child.unref();
  for (const pipe of [child.stdin, child.stdout]) if (pipe instanceof Socket) pipe.unref();
  return {
    release: async () => {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}
