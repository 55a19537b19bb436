import { execFile } from 'node:child_process';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What stands before a command that may take long, so that it doesn't outlive this process. */
export const mortal = ['--pdeathsig', 'KILL', '--'] as const;

/** Runs a host command of ours (mount, rm, mkfifo) with an empty environment; never a user's. */
export function runCommand(file: string, args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(file, args, { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } }, (cause, stdout, stderr) => {
      const code = cause === null ? 0 : typeof cause.code === 'number' ? cause.code : 127;
      resolve({ code, stdout, stderr: stderr || (cause?.message ?? '') });
    });
  });
}
