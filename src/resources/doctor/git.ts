import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { toGantryError } from '../../base/errors.ts';
import type { Check } from '../../contract/system.ts';
import { askHostGit } from '../workspace/host-git.ts';

/** The oldest git that has what mirrors and checkpoints use. */
const least = [2, 34] as const;

/** Whether repositories can be fetched: git as Gantry starts it, and what SSH takes. */
export async function lookAtGit(): Promise<Check[]> {
  return Promise.all([lookAtVersion(), lookAtSsh()]);
}

async function lookAtVersion(): Promise<Check> {
  const name = 'git';
  try {
    const { stdout } = await askHostGit({ args: ['--version'], timeoutMs: 10_000 });
    const [, found, major, minor] = /((\d+)\.(\d+)[\d.]*)/.exec(stdout) ?? [];
    if (found === undefined) throw new Error('it does not say its version');
    const ahead = Number(major) - least[0] || Number(minor) - least[1];
    if (ahead >= 0) return { name, state: 'ok', detail: `version ${found}` };
    const remedy = `Install git ${least.join('.')} or later, so that repositories can be used.`;
    return { name, state: 'gap', detail: `version ${found} is too old`, remedy };
  } catch (cause) {
    const remedy = 'Install git and util-linux (setpriv), so that repositories can be used.';
    return { name, state: 'gap', detail: toGantryError(cause).message, remedy };
  }
}

async function lookAtSsh(): Promise<Check> {
  const name = 'ssh';
  if (await isThere('ssh', '-V')) return { name, state: 'ok', detail: 'repositories can be read over SSH' };
  const remedy = 'Install openssh-client, if you have repositories that are read over SSH.';
  return { name, state: 'gap', detail: 'no ssh is installed', remedy };
}

/** Where workspaces lie: on storage where root has loop devices, else in memory. */
export async function lookAtWorkspaces(): Promise<Check[]> {
  const name = 'workspaces';
  if (process.getuid?.() !== 0) {
    const remedy = 'Run Gantry as root, if repositories are larger than memory should hold.';
    return [{ name, state: 'gap', detail: 'in memory, because only root has loop devices', remedy }];
  }
  const hasLoop = await access('/dev/loop-control', constants.W_OK).then(
    () => true,
    () => false,
  );
  if (hasLoop && (await isThere('mkfs.ext4', '-V')))
    return [{ name, state: 'ok', detail: 'on storage, each bounded by an image of its own' }];
  const detail = `in memory, because ${hasLoop ? 'mkfs.ext4 is not installed' : 'there are no loop devices'}`;
  const remedy = hasLoop
    ? 'Install e2fsprogs.'
    : 'Load the module `loop`, or give the container /dev/loop-control.';
  return [{ name, state: 'gap', detail, remedy }];
}

/** True unless there is no such program. */
function isThere(program: string, argument: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(program, [argument], { timeout: 10_000 }, (error) => resolve(error?.code !== 'ENOENT'));
  });
}
