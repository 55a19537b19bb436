import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { formatBytes } from '../base/duration.ts';
import { toGantryError } from '../base/errors.ts';
import { inert } from '../base/inert.ts';
import type { Config } from '../config.ts';
import type { SandboxCapabilities } from '../resources/ports/sandbox.ts';
import { answer, type Cli } from './cli.ts';
import { openProgress } from './progress.ts';
import { styled } from './terminal.ts';

/** One thing that was looked at. `gap` is weaker or less than it could be; `missing` keeps Gantry from working as configured. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'gap' | 'missing';
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string;
}

type Look = (config: Config) => Promise<Check[]>;

const looks: readonly (readonly [what: string, look: Look])[] = [
  ['the data directory', lookAtDisk],
  ['the database', lookAtDatabase],
  ['what isolates programs, and the languages', lookAtSandbox],
  ['the server', lookAtServer],
];

/** Says what this machine offers and what to do about each gap; the exit code is 1 when something is missing. */
export async function doctor(cli: Cli): Promise<void> {
  const config = await cli.config();
  const progress = openProgress(cli.terminal.stderr);
  const checks: Check[] = [];
  for (const [what, look] of looks) {
    if (cli.terminal.stderr.isTTY) progress.step(`Looking at ${what}`);
    checks.push(...(await look(config)));
  }
  progress.end();
  const healthy = checks.every(({ state }) => state !== 'missing');
  answer(cli, { healthy, checks }, () => told(cli, checks, healthy));
  if (!healthy) process.exitCode = 1;
}

const marks = { ok: ['green', 'ok     '], gap: ['yellow', 'gap    '], missing: ['red', 'missing'] } as const;

function told(cli: Cli, checks: readonly Check[], healthy: boolean): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, state, detail, remedy }) => {
    const [style, mark] = marks[state];
    const line = `${styled(style, mark, cli.terminal.stdout)}  ${name.padEnd(width)}  ${inert(detail)}`;
    return remedy === undefined ? [line] : [line, `${' '.repeat(width + 11)}${inert(remedy)}`];
  });
  return [...lines, '', healthy ? 'Gantry works here.' : 'Gantry does not work here as configured.'].join(
    '\n',
  );
}

const littleBytes = 1024 ** 3;
const leastBytes = 100 * 1024 ** 2;

async function lookAtDisk({ dataDir }: Config): Promise<Check[]> {
  const name = 'data directory';
  try {
    const present = await firstPresent(resolve(dataDir));
    await access(present, constants.W_OK | constants.X_OK);
    const { bavail, bsize, files, ffree } = await statfs(present);
    const free = bavail * bsize;
    const detail = `${dataDir}, ${formatBytes(free)} free`;
    if (free >= littleBytes && (ffree > 0 || files === 0)) return [{ name, state: 'ok', detail }];
    const remedy = 'Free some space, or name another directory with GANTRY_DATA_DIR.';
    return [{ name, state: free < leastBytes ? 'missing' : 'gap', detail, remedy }];
  } catch (cause) {
    const detail = `${dataDir} can't be used (${toGantryError(cause).message})`;
    const remedy = 'Make it writable for this user, or name another one with GANTRY_DATA_DIR.';
    return [{ name, state: 'missing', detail, remedy }];
  }
}

/** The directory itself, or the one in which it would be made. */
async function firstPresent(path: string): Promise<string> {
  const there = await access(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  return there || path === '/' ? path : firstPresent(dirname(path));
}

async function lookAtDatabase({ databaseUrl, dataDir }: Config): Promise<Check[]> {
  const name = 'database';
  try {
    const { checkDatabase } = await import('../resources/database-check.ts');
    const { kind, running, version, durable } = await checkDatabase({ url: databaseUrl, dataDir });
    if (!running) return [{ name, state: 'ok', detail: 'embedded PostgreSQL; it starts with `gantry up`' }];
    const detail = `${kind} PostgreSQL ${version}`;
    if (durable) return [{ name, state: 'ok', detail }];
    const remedy = 'It may lose what it has confirmed: set fsync = on in its configuration.';
    return [{ name, state: 'gap', detail: `${detail}, fsync is off`, remedy }];
  } catch (thrown) {
    const remedy =
      databaseUrl === undefined
        ? 'Look at `gantry logs`, or start again with `gantry up`.'
        : 'Check GANTRY_DATABASE_URL, and that PostgreSQL runs there.';
    return [{ name, state: 'missing', detail: toGantryError(thrown).message, remedy }];
  }
}

const limitNames = ['memory', 'cpu', 'processes', 'disk', 'network'] as const;
const how = {
  kernel: 'enforced by the kernel',
  'per-process': 'enforced for each process, not for all together',
  polled: 'watched and acted on, not enforced by the kernel',
  none: 'not enforced',
} as const;

async function lookAtSandbox(config: Config): Promise<Check[]> {
  const { openSandboxes } = await import('../platform.ts');
  const { createLogger } = await import('../base/logger.ts');
  // What is missing shall be told, not refused.
  const sandboxes = openSandboxes({ ...config, sandboxAllowUnsafe: true }, createLogger('silent'));
  try {
    const capabilities = await sandboxes.probe();
    const { lookAtLanguages } = await import('./doctor-languages.ts');
    return [...sandboxChecks(capabilities, config), ...(await lookAtLanguages(config, sandboxes))];
  } catch (thrown) {
    const remedy = 'Programs cannot run here before this is mended.';
    return [{ name: 'isolation', state: 'missing', detail: toGantryError(thrown).message, remedy }];
  } finally {
    await sandboxes.close();
  }
}

/** What is required and not enforced is missing, unless the configuration allows that; the rest is a gap. */
function sandboxChecks(found: SandboxCapabilities, config: Config): Check[] {
  const severe = config.sandboxAllowUnsafe ? 'gap' : 'missing';
  const filter = found.seccomp ? 'with a system call filter' : 'without a system call filter';
  return [
    {
      name: 'isolation',
      state: found.isolation === 'none' || !found.seccomp ? severe : 'ok',
      detail: `${found.driver} (${found.isolation}), ${filter}`,
    },
    ...limitNames.map((name): Check => {
      const enforcement = found.enforcement[name];
      const weak = enforcement === 'none' || enforcement === 'polled';
      const state =
        enforcement === 'kernel' ? 'ok' : weak && config.sandboxRequire.includes(name) ? severe : 'gap';
      return { name, state, detail: how[enforcement] };
    }),
    ...found.gaps.map(({ what, remedy }): Check => ({ name: 'sandbox', state: 'gap', detail: what, remedy })),
  ];
}

async function lookAtServer({ dataDir }: Config): Promise<Check[]> {
  const name = 'server';
  const { findRunning } = await import('./running.ts');
  const running = await findRunning(dataDir).catch(toGantryError);
  if (running === null) return [{ name, state: 'ok', detail: 'none runs here; `gantry up` starts one' }];
  if (running instanceof Error) return [{ name, state: 'gap', detail: running.message }];
  const answer = await fetch(new URL('/health/ready', running.url)).catch(() => undefined);
  if (answer?.ok) return [{ name, state: 'ok', detail: `${running.url}, ready` }];
  const detail = `${running.url} (process ${running.pid}) is not ready`;
  return [
    {
      name,
      state: 'missing',
      detail,
      remedy: 'Look at `gantry logs`; `gantry down`, then `gantry up` starts it anew.',
    },
  ];
}
