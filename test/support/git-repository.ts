import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const plain = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

export interface NewCommit {
  readonly branch?: string;
  readonly message?: string;
  /** By path; null takes a file away. */
  readonly files: Readonly<Record<string, string | null>>;
}

/** An empty bare repository, as forges keep them; its default branch is `main`. */
export async function initBare(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await git(path, ['init', '--quiet', '--bare', '--initial-branch=main', '.']);
  await git(path, ['config', 'uploadpack.allowAnySHA1InWant', 'true']);
  await git(path, ['config', 'uploadpack.allowFilter', 'true']);
}

/** Adds commits, each on top of its branch or of `main`; answers the last one's hash. One process, however many. */
export async function addCommits(path: string, commits: readonly NewCommit[]): Promise<string> {
  const known = new Set((await git(path, ['branch', '--format=%(refname:short)'])).split('\n'));
  let stream = '';
  let last = '';
  for (const { branch = 'main', message = 'Change', files } of commits) {
    const from = known.has(branch) ? branch : known.has('main') ? 'main' : undefined;
    stream += `commit refs/heads/${branch}\ncommitter Ada <ada@example.com> ${1_700_000_000 + stream.length} +0000\n`;
    stream += data(message) + (from === undefined ? '' : `from refs/heads/${from}^0\n`);
    for (const [file, text] of Object.entries(files)) {
      stream += text === null ? `D ${file}\n` : `M 100644 inline ${file}\n${data(text)}`;
    }
    known.add(branch);
    last = branch;
  }
  await git(path, ['fast-import', '--quiet', '--force'], stream);
  return (await git(path, ['rev-parse', `refs/heads/${last}`])).trim();
}

/** Runs git in `path`; answers what it printed. */
export async function git(path: string, args: readonly string[], stdin?: string): Promise<string> {
  const working = run('git', args, { cwd: path, env: plain, maxBuffer: 256 * 1024 ** 2 });
  working.child.stdin?.end(stdin);
  return (await working).stdout;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** The files of a unified diff, by their path afterwards. */
export function splitDiff(text: string): { readonly path: string; readonly patch: string }[] {
  return text
    .split(/^(?=diff --git )/m)
    .filter((part) => part !== '')
    .map((patch) => ({ path: /^diff --git a\/.* b\/(.*)$/m.exec(patch)?.[1] ?? '', patch }));
}
