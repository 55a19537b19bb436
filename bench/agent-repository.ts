import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from '../test/support/git-repository.ts';
import { files, pathOf } from './agent-script.ts';

/** A repository of 400 files and 100 commits, as a bundle and as a working tree. */
export async function makeRepository(place: string): Promise<{ bundle: Buffer; tree: string }> {
  const tree = join(place, 'tree');
  await git(place, ['init', '--quiet', '--initial-branch=main', tree]);
  await git(tree, ['fast-import', '--quiet'], history(100));
  await git(tree, ['reset', '--hard', '--quiet']);
  await git(tree, ['bundle', 'create', '--quiet', '../bundle', 'HEAD', '--branches']);
  return { tree, bundle: await readFile(join(place, 'bundle')) };
}

/** For `git fast-import`: each commit follows the one before, and changes one file. */
function history(commits: number): string {
  const change = (n: number, salt: number) => {
    const lines = Array.from({ length: 60 }, (_, line) => `line ${line} of ${n}: ${n * 31 + salt}\n`);
    const content = lines.join('');
    return `M 100644 inline ${pathOf(n)}\ndata ${content.length}\n${content}\n`;
  };
  return Array.from({ length: commits }, (_, turn) => {
    const head = `commit refs/heads/main\ncommitter A <a@b> ${1_700_000_000 + turn} +0000\ndata 1\nx\n`;
    if (turn > 0) return head + change(turn % files, turn);
    return head + Array.from({ length: files }, (_each, n) => change(n, 0)).join('');
  }).join('');
}
