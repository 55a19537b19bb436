import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Cli } from './cli.ts';

/** Starts `gantry up` as a process of its own, hands on what it says until it is ready, and leaves it running. */
export async function upDetached(cli: Cli): Promise<void> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const flags = [...(cli.flags.json ? ['--json'] : []), ...(cli.flags.debug ? ['--debug'] : [])];
  const child = spawn(process.execPath, [main, 'up', ...flags], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  const ready = Promise.withResolvers<0>();
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    cli.terminal.print(line);
    // The sign-in link comes in the same piece as the ready line.
    if (/^(ready|\{)/.test(line)) setImmediate(() => ready.resolve(0));
  });
  child.stderr.pipe(cli.terminal.stderr, { end: false });
  process.exitCode = await Promise.race([ready.promise, ended]);
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
}
