import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { GantryError } from '../base/errors.ts';
import { answer, type Cli } from './cli.ts';
import { openProgress } from './progress.ts';
import { findRunning } from './running.ts';

const graceSeconds = 30;

/** Asks the Gantry of this data directory to stop and waits until it is gone. Nothing to stop is no error. */
export async function down(cli: Cli, now: boolean): Promise<void> {
  const { dataDir, drainSeconds } = await cli.config();
  const running = await findRunning(dataDir);
  if (!running) return answer(cli, { stopped: false }, () => `No Gantry runs on ${dataDir}.`);
  const { pid } = running;
  if (now) await end(pid);
  else signal(pid, 'SIGTERM');
  const progress = openProgress(cli.terminal.stderr);
  progress.step(`Waiting for process ${pid} to stop`);
  const gone = await waitUntilGone(pid, (drainSeconds + graceSeconds) * 1000);
  progress.end();
  if (!gone) {
    throw new GantryError(
      'CONFLICT',
      `Process ${pid} has not stopped yet. Wait, or type \`gantry down --now\`.`,
    );
  }
  answer(cli, { stopped: true, pid }, () => 'Stopped.');
}

/** Two signals make it leave at once; one that doesn't even react to that is killed. */
async function end(pid: number): Promise<void> {
  signal(pid, 'SIGTERM');
  await pause(100);
  signal(pid, 'SIGTERM');
  if (!(await waitUntilGone(pid, 3000))) signal(pid, 'SIGKILL');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (cause) {
    if (!isGone(cause)) {
      const message = `Process ${pid} belongs to another account. Run the command as that one.`;
      throw new GantryError('FORBIDDEN', message, { cause });
    }
  }
}

async function waitUntilGone(pid: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      process.kill(pid, 0);
      if (isZombie(pid)) return true;
    } catch (error) {
      if (isGone(error)) return true;
    }
    if (Date.now() > deadline) return false;
    await pause(50);
  }
}

/** It has ended, and whoever started it hasn't looked yet: its number stays, for ever where nobody will. */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ESRCH';
}
