import { chownSync, closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GantryError } from '../../../base/errors.ts';
import { runCommand } from './command.ts';

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;
const names = ['in', 'out', 'err', 'control', 'boot', 'ready'] as const;

/**
 * Named pipes of a slot, used again and again. They are pipes, not the socket pairs that Node would make, because
 * programs open `/dev/stderr` by name, which fails on a socket.
 */
export async function makeChannels(directory: string): Promise<void> {
  const paths = names.map((name) => join(directory, name));
  const made = await runCommand('mkfifo', ['-m', '600', ...paths]);
  if (made.code !== 0)
    throw new GantryError('SANDBOX_FAILED', `The sandbox's pipes could not be made: ${made.stderr.trim()}.`);
}

/** Lets a user open them. */
export function giveChannels(directory: string, uid: number): void {
  for (const name of names) chownSync(join(directory, name), uid, uid);
}

/**
 * A pipe from a program to this process. It ends when no program has it open any more and `release` was called, so
 * that it can't end before a program has come.
 */
export function openReader(
  directory: string,
  name: 'out' | 'err' | 'ready',
): { readonly ours: Socket; release(): void } {
  const path = join(directory, name);
  const fd = openSync(path, O_RDONLY | O_NONBLOCK);
  const keeper = openSync(path, O_WRONLY | O_NONBLOCK);
  return { ours: new Socket({ fd, readable: true, writable: false }), release: () => closeSync(keeper) };
}

/** A pipe from this process to a program. Opened both ways, since for writing alone a reader would have to be there. */
export function openWriter(directory: string, name: 'in' | 'control' | 'boot'): number {
  return openSync(join(directory, name), O_RDWR | O_NONBLOCK);
}

/**
 * Passes a stream on to a program as it reads, then closes, but not before `taken`: what lies in a pipe that nobody has
 * open is lost, and who opens it later waits for ever.
 */
export function pour(
  fd: number,
  data: AsyncIterable<Uint8Array>,
  taken: () => boolean = () => true,
): { stop(): void } {
  const socket = new Socket({ fd, readable: false, writable: true });
  // A program may end without reading its input.
  socket.on('error', () => {});
  void pump(socket, data, taken);
  return { stop: () => socket.destroy() };
}

async function pump(socket: Socket, data: AsyncIterable<Uint8Array>, taken: () => boolean): Promise<void> {
  try {
    for await (const chunk of data) {
      if (socket.destroyed) return;
      if (!socket.write(chunk)) await drained(socket);
    }
    while (!socket.destroyed && !taken()) await delay(2);
    socket.end();
  } catch {
    // The source failed: for the program its input is at an end.
    socket.destroy();
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}

export function closed(socket: Socket): Promise<void> {
  if (socket.closed) return Promise.resolve();
  return new Promise((resolve) => {
    socket.on('error', () => {});
    socket.once('close', () => resolve());
  });
}
