import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { mainPath } from './command-line.ts';

export interface GantryUp {
  readonly url: string;
  readonly signInLink: string;
  readonly child: ChildProcess;
  /** All of stderr, once it has ended. */
  readonly stderr: Promise<string>;
}

/** A data directory that goes with `remove`, and the variables that make commands use it. */
export async function makeDataDir() {
  const directory = await mkdtemp(join(tmpdir(), 'gantry-cli-'));
  // What the database's account and sandboxes must reach.
  await chmod(directory, 0o755);
  const dataDir = join(directory, 'data');
  return {
    directory,
    dataDir,
    env: { GANTRY_DATA_DIR: dataDir, GANTRY_PORT: '0', GANTRY_DRAIN_SECONDS: '5' },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Starts `gantry up` (or another part) as a process and waits for its ready line; rejects with stderr if it ends before. */
export async function gantryUp(env: Readonly<Record<string, string>>, args = ['up']): Promise<GantryUp> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('GANTRY_') && name !== 'NODE_TEST_CONTEXT',
  );
  const child = spawn(process.execPath, [mainPath, ...args], {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stderr = text(child.stderr);
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    const url = /^ready (http\S+)$/.exec(lines[0] ?? '')?.[1];
    const signInLink = /(http\S+)$/.exec(lines[1] ?? '')?.[1];
    if (url && signInLink) return { url, signInLink, child, stderr };
  }
  throw new Error(`${args.join(' ')} ended before it was ready: ${lines.join('\n')} ${await stderr}`);
}

/** Ends it as Ctrl-C does; answers the exit code. */
export async function stopGantry({ child }: GantryUp): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill('SIGINT');
  await once(child, 'exit');
  return child.exitCode;
}
