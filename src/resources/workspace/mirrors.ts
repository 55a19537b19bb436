import { mkdirSync, readdirSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GantryError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { metrics } from '../../base/metrics.ts';
import type { GitProgress } from './git-progress.ts';
import { runHostGit, type GitWay, type HostGitCredential } from './host-git.ts';
import { commitNamed, createLeases, hasCommit } from './mirror-leases.ts';
import {
  clearRemains,
  currentGeneration,
  lockPlace,
  makePlace,
  mirrorPlace,
  newGeneration,
  publish,
  removeOld,
  sizeOf,
  type MirrorPlace,
} from './mirror-place.ts';
import { makeRoom, mirrorBytes, removePlace } from './mirror-space.ts';
import { clearPushes, pushPack, type PackPush } from './push-pack.ts';
import { findRemoteRef, fullHash, remoteBranch } from './remote-ref.ts';

/** A remote and who may read it: mirrors are never shared between scopes. */
export interface MirrorSource {
  /** Of the repository and of the credential that it is read with. */
  readonly scope: string;
  readonly url: string;
  /** Asked only when the network is needed; what it answers is given back after each use. */
  credential(): Promise<LentCredential | null>;
}

export interface LentCredential extends HostGitCredential {
  /** Ends it, where it is made for one use. */
  revoke?(): Promise<void>;
}

export interface MirrorTask {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: GitProgress) => void;
}

export type MirrorOrigin = 'clone' | 'fetch' | 'cache';

/** A bare repository on this machine that holds what was asked for, until it is released. */
export interface Mirror {
  readonly path: string;
  readonly from: MirrorOrigin;
  release(): Promise<void>;
}

export interface Resolved {
  readonly commit: string | null;
  readonly branch: string | null;
  readonly from: MirrorOrigin;
}

/**
 * Copies of remote repositories, kept for all runs of this machine. Several processes may use one directory; a fetch that
 * dies leaves the mirror as it was.
 */
export interface Mirrors {
  /** What a branch, tag or commit means now; the default branch without a name. NOT_FOUND, and what `explainGit` says. */
  resolve(source: MirrorSource, ref: string | undefined, task: MirrorTask): Promise<Resolved>;
  /** A mirror with this commit; no network when it has it already. */
  open(source: MirrorSource, commit: string, task: MirrorTask): Promise<Mirror>;
  /** What a branch is at the remote now; undefined when it is not there. */
  branch(source: MirrorSource, name: string, task: MirrorTask): Promise<string | undefined>;
  /** Pushes one branch, and changes no mirror. The credential of the source must let it. Throws what `explainPush` says. */
  push(source: MirrorSource, push: PackPush, task: MirrorTask): Promise<void>;
  /** False while it is in use. */
  remove(scope: string): Promise<boolean>;
  bytes(): number;
}

export interface MirrorWay extends GitWay {
  close(): Promise<void>;
}

export interface MirrorOptions {
  readonly directory: string;
  /** What all mirrors may take; those longest unused go first. */
  readonly mostBytes: number;
  /** What one may take. */
  readonly repositoryBytes: number;
  readonly fetchTimeoutMs: number;
  /**
   * Opens the way to a remote that users named: a proxy of ours, or a checked address for ssh. None for what the operator
   * vouches for. OUTGOING_REFUSED for what may not be reached.
   */
  readonly openWay: (url: string) => Promise<MirrorWay | undefined>;
  readonly log: Logger;
}

const branchesAndTags = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
const mostPacks = 50;
const watchEveryMs = 500;
const run = promisify(execFile);

export function createMirrors(options: MirrorOptions): Mirrors {
  mkdirSync(options.directory, { recursive: true, mode: 0o711 });
  clearPushes(options.directory).catch((error: unknown) =>
    options.log.warn({ err: error }, 'what a killed push left could not be removed'),
  );
  const leases = createLeases();
  const placeOf = (scope: string): MirrorPlace => mirrorPlace(options.directory, scope);
  const bring: Bring = async (source, { commit, name }, task) => {
    const place = placeOf(source.scope);
    const ready = async () => (commit === undefined ? undefined : leases.take(place, commit));
    const there = await ready();
    if (there) return there;
    await makePlace(place);
    const lock = await lockPlace(place, { wait: true, signal: task.signal });
    try {
      // Somebody else may have fetched it while this one waited.
      const meanwhile = await ready();
      if (meanwhile) return meanwhile;
      const from = await refresh(options, place, source, { commit, name }, task);
      const mirror = await leases.take(place, commit);
      if (mirror) return { ...mirror, from };
    } finally {
      await lock?.release();
    }
    throw gone(commit);
  };
  return {
    resolve: (source, ref, task) => resolve(options, bring, source, ref, task),
    open: (source, commit, task) => bring(source, { commit }, task),
    branch: (source, name, { signal }) =>
      withAccess(options, source, (access) => remoteBranch({ remote: source.url, ...access, signal }, name)),
    push: (source, push, { signal }) =>
      withAccess(options, source, ({ credential, ...way }) => {
        const target = { url: source.url, credential, way, signal, timeoutMs: options.fetchTimeoutMs };
        return pushPack(options.directory, push, target);
      }),
    remove: (scope) => removePlace(placeOf(scope)),
    bytes: () => mirrorBytes(options.directory),
  };
}

interface Wanted {
  readonly commit?: string | undefined;
  /** Where the commit is found if no branch or tag leads to it. */
  readonly name?: string;
}

/** The mirror with what is wanted, fetched unless it is there. */
type Bring = (source: MirrorSource, wanted: Wanted, task: MirrorTask) => Promise<Mirror>;

async function resolve(
  options: MirrorOptions,
  bring: Bring,
  source: MirrorSource,
  ref: string | undefined,
  task: MirrorTask,
): Promise<Resolved> {
  if (ref !== undefined && fullHash.test(ref)) {
    const mirror = await bring(source, { commit: ref }, task);
    await mirror.release();
    return { commit: ref, branch: null, from: mirror.from };
  }
  const found = await withAccess(options, source, (access) =>
    findRemoteRef({ remote: source.url, ...access, signal: task.signal }, ref),
  );
  if (found === null) return { commit: null, branch: null, from: 'cache' };
  if (found === undefined) return shortHash(options, source, ref ?? '', bring, task);
  const mirror = await bring(source, found, task);
  const commit = (await commitNamed(mirror.path, found.commit)) ?? found.commit;
  await mirror.release();
  return { commit, branch: found.branch, from: mirror.from };
}

async function shortHash(
  options: MirrorOptions,
  source: MirrorSource,
  ref: string,
  bring: Bring,
  task: MirrorTask,
): Promise<Resolved> {
  if (/^[0-9a-f]{7,63}$/.test(ref)) {
    const generation = currentGeneration(mirrorPlace(options.directory, source.scope));
    const there = generation === undefined ? undefined : await commitNamed(generation, ref);
    if (there !== undefined) return { commit: there, branch: null, from: 'cache' };
    const mirror = await bring(source, {}, task);
    const commit = await commitNamed(mirror.path, ref);
    await mirror.release();
    if (commit !== undefined) return { commit, branch: null, from: mirror.from };
  }
  throw new GantryError(
    'NOT_FOUND',
    `The repository has no branch, tag or commit called ${ref}. Check its name; it may have been deleted.`,
  );
}

/** Fetches into the present generation, or makes the first. With the lock. */
async function refresh(
  options: MirrorOptions,
  place: MirrorPlace,
  source: MirrorSource,
  wanted: Wanted,
  task: MirrorTask,
): Promise<MirrorOrigin> {
  const begun = performance.now();
  const present = currentGeneration(place);
  await removeOld(place, present);
  const generation = present ?? newGeneration(place);
  if (present === undefined)
    await runHostGit({
      args: ['init', '--quiet', '--bare', '--template=', '--initial-branch=main'],
      operands: [generation],
    });
  else await clearRemains(generation);
  try {
    await fetchInto(options, generation, source, branchesAndTags, task);
    const { commit, name } = wanted;
    if (commit !== undefined && !(await hasCommit(generation, commit))) {
      const ref = name ?? commit;
      await fetchInto(options, generation, source, [`+${ref}:refs/gantry/other/${digest(ref)}`], task).catch(
        (error: unknown) => {
          throw error instanceof GantryError && error.code === 'NOT_FOUND' ? gone(commit, error) : error;
        },
      );
    }
    if (commit !== undefined && (await hasCommit(generation, commit)))
      await runHostGit({
        args: ['update-ref', `refs/gantry/kept/${commit}`, commit],
        repository: generation,
      });
    await run('chmod', ['-R', 'a+rX', '--', generation]);
  } catch (error) {
    if (present === undefined) await rm(generation, { recursive: true, force: true });
    throw error;
  }
  const from = present === undefined ? 'clone' : 'fetch';
  publish(place, await tidied(place, generation));
  metrics.repositoryFetched(from, (performance.now() - begun) / 1000);
  metrics.mirrorBytes(await makeRoom(options.directory, options.mostBytes));
  return from;
}

const fetchWords = [
  'fetch',
  '--progress',
  '--no-auto-gc',
  '--no-tags',
  '--prune',
  '--force',
  '--no-write-fetch-head',
];

type Access = GitWay & { readonly credential: HostGitCredential | null };

/** Opens the way to the remote and asks for the credential; both end with the work. */
async function withAccess<T>(
  options: MirrorOptions,
  source: MirrorSource,
  work: (access: Access) => Promise<T>,
): Promise<T> {
  const opened = await options.openWay(source.url);
  const { proxyUrl, ssh } = opened ?? {};
  try {
    const credential = await source.credential();
    try {
      return await work({ proxyUrl, ssh, credential });
    } finally {
      // What can't be ended now ends by itself.
      await credential?.revoke?.().catch(() => undefined);
    }
  } finally {
    await opened?.close();
  }
}

async function fetchInto(
  options: MirrorOptions,
  generation: string,
  source: MirrorSource,
  refspecs: readonly string[],
  task: MirrorTask,
): Promise<void> {
  const tooLarge = new AbortController();
  const look = (): void => {
    if (sizeOf(join(generation, 'objects')) > options.repositoryBytes) tooLarge.abort();
  };
  const watching = setInterval(look, watchEveryMs);
  try {
    await withAccess(options, source, (access) =>
      runHostGit({
        args: fetchWords,
        operands: [source.url, ...refspecs],
        repository: generation,
        remote: source.url,
        ...access,
        signal: AbortSignal.any([task.signal, tooLarge.signal]),
        timeoutMs: options.fetchTimeoutMs,
        onProgress: task.onProgress,
      }),
    );
    look();
    tooLarge.signal.throwIfAborted();
  } catch (cause) {
    if (!tooLarge.signal.aborted) throw cause;
    throw new GantryError(
      'WORKSPACE_FULL',
      `The repository is larger than ${Math.round(options.repositoryBytes / 1024 ** 2)} MiB, so it was not fetched. An operator can raise GANTRY_REPOSITORY_MIB.`,
      { cause },
    );
  } finally {
    clearInterval(watching);
  }
}

/** Many small packs slow every reader down: then a new generation gets all in one, and the old one ends with its users. */
async function tidied(place: MirrorPlace, generation: string): Promise<string> {
  const packs = readdirSync(join(generation, 'objects', 'pack')).filter((name) => name.endsWith('.pack'));
  if (packs.length <= mostPacks) return generation;
  const next = newGeneration(place);
  await runHostGit({
    args: ['init', '--quiet', '--bare', '--template=', '--initial-branch=main'],
    operands: [next],
  });
  await runHostGit({
    args: ['fetch', '--quiet', '--no-auto-gc', '--no-write-fetch-head'],
    operands: [generation, '+refs/*:refs/*'],
    repository: next,
    remote: generation,
  });
  await run('chmod', ['-R', 'a+rX', '--', next]);
  return next;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function gone(commit: string | undefined, cause?: unknown): GantryError {
  return new GantryError(
    'NOT_FOUND',
    `The repository has no commit ${commit ?? ''}. Its branch may have been deleted or rewritten since; start again from a branch.`,
    { cause },
  );
}
