import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What Gantry's programs get too: the caller's environment would slow some interpreters down. */
const env = { PATH: '/usr/local/bin:/usr/bin:/bin' };

/** Milliseconds from the spawn of a bare process to its end with all output read. */
export async function timeBareProcess(command: string, args: readonly string[]): Promise<number> {
  const begun = performance.now();
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
  return performance.now() - begun;
}

/** Repeats `work` in `clients` loops for `ms` milliseconds: how often it was done per second. */
export async function ratePerSecond(
  clients: number,
  ms: number,
  work: () => Promise<unknown>,
): Promise<number> {
  const begun = performance.now();
  let done = 0;
  const loop = async () => {
    while (performance.now() - begun < ms) {
      await work();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, loop));
  return done / ((performance.now() - begun) / 1000);
}
