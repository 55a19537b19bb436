import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const mainPath = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface CommandResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
  /** Called once the process is there; without `stdin` its input then stays open. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** What would tell the command how the tests themselves are run. */
const notPassedOn = new Set(['NODE_TEST_CONTEXT', 'CI', 'NO_COLOR', 'FORCE_COLOR', 'TERM']);

/** Runs `gantry` as a real process, with no setting of this machine's own, and awaits its end. */
export async function gantry(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return run(process.execPath, [mainPath, ...args], options);
}

/** The same on a pseudo-terminal: `stdout` is all that the terminal got. */
export async function gantryOnTerminal(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const command = [process.execPath, mainPath, ...args]
    .map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
    .join(' ');
  return run('script', ['--quiet', '--return', '--command', command, '/dev/null'], options);
}

async function run(file: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^GANTRY_|_(API_KEY|BASE_URL)(_FILE)?$/.test(name) && !notPassedOn.has(name),
  );
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: { ...Object.fromEntries(inherited), TERM: 'xterm-256color', ...options.env },
    stdio: 'pipe',
  });
  child.stdin.on('error', () => {});
  if (options.stdin !== undefined || !options.onStart) child.stdin.end(options.stdin ?? '');
  options.onStart?.(child);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}
