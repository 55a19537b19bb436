import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { after, before } from 'node:test';
import { gantry, mainPath } from './command-line.ts';

type Place = Awaited<ReturnType<typeof makeDataDir>>;

export interface GantryUp {
  readonly url: string;
  readonly signInLink: string;
  readonly child: ChildProcess;
  /** All of stderr, once it has ended. */
  readonly stderr: Promise<string>;
}

/** A data directory that goes with `remove` or its scope, and the variables that make commands use it. */
export async function makeDataDir() {
  const directory = await mkdtemp(join(tmpdir(), 'gantry-cli-'));
  // What the database's account and sandboxes must reach.
  await chmod(directory, 0o755);
  const dataDir = join(directory, 'data');
  const remove = () => rm(directory, { recursive: true, force: true });
  return {
    directory,
    dataDir,
    env: { GANTRY_DATA_DIR: dataDir, GANTRY_PORT: '0', GANTRY_DRAIN_SECONDS: '5' },
    remove,
    [Symbol.asyncDispose]: remove,
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

/** Starts a worker beside a server, as a process of its own; resolves when it is ready. */
export async function gantryWorker(env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [mainPath, 'worker'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: child.stdout })) if (line === 'ready') return child;
  throw new Error('The worker ended before it was ready.');
}

/** Ends it as Ctrl-C does; answers the exit code. */
export async function stopGantry({ child }: GantryUp): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill('SIGINT');
  await once(child, 'exit');
  return child.exitCode;
}

/**
 * One server for all tests of a file, with these variables besides the usual, and the command line beside it. `place` and
 * `server` are there once tests run.
 */
export function withServer(env: Readonly<Record<string, string>> = {}) {
  const held: { place?: Place; server?: GantryUp } = {};
  before(async () => {
    held.place = await makeDataDir();
    held.server = await gantryUp({ ...held.place.env, ...env });
  });
  after(async () => {
    if (held.server) await stopGantry(held.server);
    await held.place?.remove();
  });
  const there = <Key extends keyof typeof held>(key: Key) =>
    held[key] ?? assert.fail('The server did not start.');
  const cli = (args: readonly string[]) =>
    gantry(args, { env: there('place').env, cwd: there('place').directory });
  return {
    place: () => there('place'),
    server: () => there('server'),
    cli: (...args: string[]) => cli(args),
    /** The answer of a command with `--json`, which must succeed. */
    async json<Answer>(...args: string[]): Promise<Answer> {
      const { code, stdout, stderr } = await cli([...args, '--json']);
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout) as Answer;
    },
    /** Writes a file into the working directory of the commands; answers its name. */
    async program(name: string, content: string): Promise<string> {
      await writeFile(join(there('place').directory, name), content);
      return name;
    },
  };
}
