import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFile, type FileLock } from './file-lock.ts';
import { askHostGit, runHostGit, type GitWay, type HostGitCredential } from './host-git.ts';
import { explainPush } from './push-problems.ts';
import { assertRef, remoteBranch } from './remote-ref.ts';

/** Commits that a sandbox has packed and checked, and the one branch that they go to. */
export interface PackPush {
  readonly head: string;
  readonly branch: string;
  /** What the branch must be at the remote before; null when it must not be there. */
  readonly replaces: string | null;
  readonly pack: Uint8Array;
  readonly index: Uint8Array;
  /** A bare repository with what the pack stands on. */
  readonly mirror?: string | undefined;
}

export interface PushTarget {
  readonly url: string;
  readonly credential: HostGitCredential | null;
  readonly way: GitWay;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/**
 * Pushes from a repository of its own below `directory`, which is gone afterwards. No mirror changes by it, no hook of ours
 * runs, and a branch that is not what it should be stays. Throws what `explainPush` says.
 */
export async function pushPack(directory: string, push: PackPush, target: PushTarget): Promise<void> {
  assertRef(push.branch);
  const { url, credential, way, signal, timeoutMs } = target;
  await clearPushes(directory);
  const place = await takePlace(directory);
  try {
    await fill(place.path, push);
    const ref = `refs/heads/${push.branch}`;
    const answer = await askHostGit({
      args: [
        ...['push', '--porcelain', '--no-verify', '--no-follow-tags', '--no-signed', '--no-progress'],
        ...['--recurse-submodules=no', `--force-with-lease=${ref}:${push.replaces ?? ''}`],
      ],
      operands: [url, `${push.head}:${ref}`],
      repository: place.path,
      remote: url,
      ...{ credential, signal, timeoutMs },
      ...way,
    });
    signal.throwIfAborted();
    if (answer.exitCode === 0) return;
    // The answer may be lost when the branch is there already.
    const access = { remote: url, credential, ...way, signal };
    const there = await remoteBranch(access, push.branch).catch(() => undefined);
    if (there !== push.head) throw explainPush(answer, url, push.branch);
  } finally {
    await place.close();
  }
}

async function fill(path: string, { pack, index, mirror }: PackPush): Promise<void> {
  await runHostGit({ args: ['init', '--quiet', '--bare', '--template='], operands: [path] });
  const name = join(path, 'objects', 'pack', `pack-${'0'.repeat(40)}`);
  await mkdir(join(path, 'objects', 'pack'), { recursive: true });
  await mkdir(join(path, 'objects', 'info'), { recursive: true });
  await writeFile(`${name}.pack`, pack);
  await writeFile(`${name}.idx`, index);
  if (mirror !== undefined)
    await writeFile(join(path, 'objects', 'info', 'alternates'), `${join(mirror, 'objects')}\n`);
}

/** A directory of this process alone, until it is closed or the process dies. */
async function takePlace(directory: string): Promise<{ path: string; close(): Promise<void> }> {
  for (;;) {
    const path = join(directory, `push-${randomUUID()}`);
    const lock = await lockFile(`${path}.lock`, { wait: true });
    // Who clears up may have come in between.
    if (!lock || !existsSync(`${path}.lock`)) {
      await lock?.release();
      continue;
    }
    await mkdir(path, { mode: 0o700 });
    return { path, close: () => removePlace(path, lock) };
  }
}

async function removePlace(path: string, lock: FileLock): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await rm(`${path}.lock`, { force: true });
  await lock.release();
}

/** Removes what a killed process left. */
export async function clearPushes(directory: string): Promise<void> {
  const names = readdirSync(directory).filter((name) => /^push-[0-9a-f-]{36}(\.lock)?$/.test(name));
  for (const name of new Set(names.map((each) => each.slice(0, 'push-'.length + 36)))) {
    const path = join(directory, name);
    const lock = await lockFile(`${path}.lock`, { wait: false });
    if (lock) await removePlace(path, lock);
  }
}
