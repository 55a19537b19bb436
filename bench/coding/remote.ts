import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const environment = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

/** A bare repository on `main` with one commit of these files, as sessions push to it. Answers its path. */
export async function makeRemote(
  directory: string,
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const path = join(directory, `${name}.git`);
  await mkdir(path, { recursive: true });
  await git(path, ['init', '--quiet', '--bare', '--initial-branch=main', '.']);
  const blobs = Object.entries(files).map(([file, text]) => `M 100644 inline ${file}\n${data(text)}`);
  const commit = `commit refs/heads/main\ncommitter Ada <ada@example.com> 1700000000 +0000\n${data('Begin')}`;
  await git(path, ['fast-import', '--quiet'], commit + blobs.join(''));
  return path;
}

/** The files of a branch, by path. */
export async function filesOf(path: string, branch: string): Promise<Record<string, string>> {
  const names = await git(path, ['ls-tree', '-r', '-z', '--name-only', branch, '--']);
  const files: Record<string, string> = {};
  for (const name of names.split('\0').filter(Boolean))
    files[name] = await git(path, ['show', `${branch}:${name}`]);
  return files;
}

async function git(path: string, args: readonly string[], stdin = ''): Promise<string> {
  const working = run('git', args, { cwd: path, env: environment, maxBuffer: 64 * 1024 ** 2 });
  // A git that needs no input may have ended before; what went wrong with it says its exit.
  working.child.stdin?.on('error', () => undefined).end(stdin);
  return (await working).stdout;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
