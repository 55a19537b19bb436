import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { killQuietly } from './cgroup.ts';
import { childrenOf } from './meter.ts';

/** How a launched program ended; `code` is as a shell tells it, `signal` is set if the spawner itself was killed. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * A small shell that starts a slot's sandboxes, one after another. Starting a process from Node costs time that grows
 * with Node's memory and holds everything else up; the shell is small, lives as long as its slot, already runs under
 * the slot's uid and in its cgroup, and dies with this process, taking what it started with it.
 */
export interface Spawner {
  readonly pid: number | undefined;
  isAlive(): boolean;
  /** Runs the slot's launch file; one at a time. */
  launch(): Promise<Ending>;
  /** The process that it started, if one runs. */
  child(): number | undefined;
  close(): Promise<void>;
}

export function startSpawner(launchFile: string, uid: number | undefined): Spawner {
  const loop = `while read -r go; do . '${launchFile}'; echo "$?"; done`;
  const shell = spawn('/usr/bin/setpriv', ['--pdeathsig', 'KILL', '/bin/sh', '-c', loop], {
    env: {},
    cwd: '/',
    ...(uid === undefined ? {} : { uid, gid: uid }),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let report: ((ending: Ending) => void) | undefined;
  const end = (ending: Ending): void => {
    const tell = report;
    report = undefined;
    tell?.(ending);
  };
  let alive = shell.pid !== undefined;
  shell.once('error', () => (alive = false));
  shell.once('exit', (code, signal) => {
    alive = false;
    end({ code, signal: signal ?? 'SIGKILL' });
  });
  shell.stdin.on('error', () => {});
  shell.stdout.on('data', (data: Buffer) =>
    end({ code: Number.parseInt(data.toString(), 10), signal: null }),
  );
  // While nothing is launched, it alone doesn't keep this process alive.
  const hold = (held: boolean): void => {
    for (const one of [shell, shell.stdin, shell.stdout])
      if ('unref' in one && (one === shell || one instanceof Socket)) (held ? one.ref : one.unref).call(one);
  };
  hold(false);
  return {
    pid: shell.pid,
    isAlive: () => alive,
    launch: () =>
      new Promise<Ending>((resolve) => {
        hold(true);
        report = (ending) => {
          hold(false);
          resolve(ending);
        };
        if (alive) shell.stdin.write('\n');
        else end({ code: 127, signal: null });
      }),
    child: () => (shell.pid === undefined ? undefined : childrenOf(shell.pid)[0]),
    close: async () => {
      if (!alive || shell.pid === undefined) return;
      hold(true);
      const exited = once(shell, 'exit');
      killQuietly(shell.pid);
      await exited;
    },
  };
}
