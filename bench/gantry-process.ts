import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const readyLine = /^ready (http:\S+)/;

export interface GantryProcess {
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
  readonly key: string;
  stop(): Promise<void>;
}

export type Settings = Readonly<Record<string, string>>;

/** A data directory of its own for one measurement. */
export async function makeDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gantry-bench-'));
  await chmod(dataDir, 0o755);
  return dataDir;
}

/** Runs `gantry up` (or `server`) as a child on a free port, with a key to call it. The data directory goes with `stop`. */
export async function startGantry(
  command: 'up' | 'server',
  settings: Settings = {},
  role: 'member' | 'admin' = 'member',
): Promise<GantryProcess> {
  const dataDir = settings['GANTRY_DATA_DIR'] ?? (await makeDataDir());
  const env = environment({ ...settings, GANTRY_DATA_DIR: dataDir });
  const child = spawn(process.execPath, [main, command], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await ready(child, readyLine);
  const stop = async () => {
    await end(child);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const key = await createKey(env, role);
    return { url, pid: child.pid ?? 0, dataDir, key, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs a worker of its own as a child; resolves when it takes runs. */
export async function startWorker(settings: Settings): Promise<{ stop(): Promise<void> }> {
  const child = spawn(process.execPath, [main, 'worker'], {
    env: environment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await ready(child, /^ready\b/);
  return { stop: () => end(child) };
}

async function createKey(env: Settings, role: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [main, 'keys', 'create', '--name', 'bench', '--role', role, '--json'],
    { env },
  );
  const { key } = JSON.parse(stdout) as { key: string };
  return key;
}

function environment(settings: Settings): Settings {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '/',
    // As the launcher has it, which would install packages if the lockfile has changed.
    NODE_OPTIONS: '--max-semi-space-size=4',
    GANTRY_PORT: '0',
    GANTRY_RATE_LIMIT_PER_MINUTE: '0',
    GANTRY_LOG_LEVEL: 'warn',
    ...settings,
  };
}

/** What the line that `pattern` matches captured, once the child has written it. */
export async function ready(child: ChildProcess, pattern: RegExp): Promise<string> {
  const seen: string[] = [];
  if (!child.stdout) throw new Error('the child has no stdout');
  child.stderr?.on('data', (chunk) => seen.push(String(chunk)));
  for await (const line of createInterface({ input: child.stdout })) {
    seen.push(`${line}\n`);
    const match = pattern.exec(line);
    if (match) {
      child.stdout.resume();
      return match[1] ?? '';
    }
  }
  throw new Error(`gantry ended before it was ready:\n${seen.join('')}`);
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
