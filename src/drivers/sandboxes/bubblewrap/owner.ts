import { createServer, type Server } from 'node:net';
import { GantryError } from '../../../base/errors.ts';

const OWNERS = 1_000;

/** This process's share of the machine: a number that no other live process holds. */
export interface Owner {
  readonly index: number;
  readonly name: string;
  release(): Promise<void>;
}

/** Takes the first free number. */
export async function claimOwner(): Promise<Owner> {
  for (let index = 0; index < OWNERS; index += 1) {
    const owner = await tryClaim(index);
    if (owner) return owner;
  }
  throw new GantryError(
    'SANDBOX_UNAVAILABLE',
    `All ${OWNERS} places for sandbox owners on this machine are taken; stop some Gantry processes.`,
  );
}

/**
 * The lock is an abstract unix socket: the kernel hands it to one process at a time and takes it back when that
 * process dies, however it dies. Answers undefined when another process lives under the number.
 */
export async function tryClaim(index: number): Promise<Owner | undefined> {
  const server = createServer((socket) => socket.destroy());
  const held = await listen(server, `\0gantry-sandboxes-${index}`);
  if (!held) return undefined;
  server.unref();
  return {
    index,
    name: ownerName(index),
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function ownerName(index: number): string {
  return `gantry-r${index}`;
}

export function ownerIndex(name: string): number | undefined {
  const match = /^gantry-r(\d{1,3})$/.exec(name);
  return match ? Number(match[1]) : undefined;
}

function listen(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      cause.code === 'EADDRINUSE' ? resolve(false) : reject(cause),
    );
    server.listen({ path, exclusive: true }, () => resolve(true));
  });
}
