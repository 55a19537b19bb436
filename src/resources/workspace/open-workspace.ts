import { GantryError } from '../../base/errors.ts';
import { metrics } from '../../base/metrics.ts';
import type { StepContext, StepOwner } from '../../kernel/context.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import { packOf } from './bundle-pack.ts';
import type { Bundles, StoredCheckpoint } from './bundles.ts';
import { commitFiles, mergeFiles, stripFiles, type BranchGround, type BringCommits } from './commit-files.ts';
import { readChanges } from './file-changes.ts';
import { runScript } from './sandbox-script.ts';
import { checkpointScript, diffScript, openScript } from './scripts.ts';
import type { BranchCommit, CommitRequest, WorkspaceBase, WorkspaceState } from './workspace.ts';

/** What git keeps of a moment: the files' commit and tree, and the commit and tree of all else that was kept. */
interface Moment {
  readonly commit: string | null;
  readonly tree: string;
  readonly state: string | null;
  /** `-` while no checkpoint had to know it. */
  readonly stateTree: string;
  /** Names the stamp that was set before it was looked at. */
  readonly stamp: 'a' | 'b';
}

/** A sandbox with a run's files, and where they stand. */
export interface OpenWorkspace {
  readonly sandbox: Sandbox;
  readonly state: () => WorkspaceState;
  /** What there is to tell of the repository. */
  readonly notices: readonly string[];
  /** True when the files are as the state says. */
  isUnchanged(): Promise<boolean>;
  checkpoint(owner: StepOwner, title: string, signal: AbortSignal): Promise<WorkspaceState>;
  diff(
    from: 'base' | 'checkpoint',
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<{ text: string; truncated: boolean }>;
  commit(step: StepContext, request: CommitRequest): Promise<BranchCommit | null>;
  strip(step: StepContext, parents: readonly string[]): Promise<void>;
  merge(step: StepContext, ours: string, theirs: string): Promise<{ readonly conflicts: readonly string[] }>;
}

export interface OpenRequest {
  readonly sandbox: Sandbox;
  readonly bundles: Bundles;
  readonly bring: BringCommits;
  readonly state: WorkspaceState;
  /** All that leads to the state's checkpoint, the earliest first. */
  readonly chain: readonly StoredCheckpoint[];
  /** Of one checkpoint, in bytes. */
  readonly checkpointBytes: number;
  /** Names that belong to packages and to no checkpoint. */
  readonly ignore?: readonly string[];
  /** Whether programs of packages may have touched the files before. */
  readonly hasPackages?: boolean;
  /** What each of its scripts may take, in milliseconds. */
  readonly scriptMs: number;
  readonly signal: AbortSignal;
}

/** So many checkpoints follow each other before one is kept that needs none of them. */
const longestChain = 20;
const listBytes = 16 * 1024 ** 2;

/** Makes a workspace of a sandbox that stands on its layers, with the files of its state. */
export async function openWorkspace(request: OpenRequest): Promise<OpenWorkspace> {
  const { sandbox, bundles, chain, signal, checkpointBytes } = request;
  const { base, checkpoint } = request.state;
  const packs = await Promise.all(chain.map(({ id, bytes }) => packOf(bundles.read(id), bytes)));
  const printed = await runScript(sandbox, {
    script: openScript,
    args: [
      ...[base.commit ?? '', checkpoint?.commit ?? '', (request.ignore ?? []).join('\n')],
      request.hasPackages === true ? 'packages' : '',
      ...packs.map(({ bytes }) => String(bytes)),
    ],
    ...(packs.length > 0 && { stdin: joined(packs) }),
    maxOutput: listBytes,
    mostMs: request.scriptMs,
    doing: 'opening the workspace',
    signal,
  });
  const [first = '', ...notices] = printed.toString().trim().split('\n');
  const [root = '-', tree = '', stateTree = '', oldState = '-'] = first.split(' ');
  const rootCommit = root === '-' || root === '' ? null : root;
  const start: Moment = {
    commit: checkpoint?.commit ?? rootCommit,
    tree,
    state: oldState === '-' ? null : oldState,
    stateTree,
    stamp: 'a',
  };
  const rootTree = checkpoint ? (rootCommit === null ? emptyTree : `${rootCommit}^{tree}`) : tree;
  return track(request, start, { commit: rootCommit, tree: rootTree }, notices, checkpointBytes);
}

const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

async function track(
  { sandbox, bundles, bring, state: first, chain, scriptMs: mostMs }: OpenRequest,
  start: Moment,
  root: Pick<Moment, 'commit' | 'tree'>,
  notices: readonly string[],
  checkpointBytes: number,
): Promise<OpenWorkspace> {
  let state = first;
  let now = start;
  let depth = chain.at(-1)?.depth ?? -1;
  let mark = await sandbox.mark();
  const isUnchanged = async (): Promise<boolean> => (await sandbox.mark()) === mark;
  // To look at files may mean to open those that nobody could read for a moment.
  const looking = async <T>(look: () => Promise<T>, hasChanged?: (seen: T) => boolean): Promise<T> => {
    const wasUnchanged = await isUnchanged();
    const seen = await look();
    if (wasUnchanged && hasChanged?.(seen) !== true) mark = await sandbox.mark();
    return seen;
  };
  const branch: BranchGround = {
    ...{ sandbox, bundles, bring, base: first.base, checkedOut: root, has: new Set<string>() },
    ...{ commitBytes: checkpointBytes, scriptMs: mostMs },
  };
  return {
    sandbox,
    state: () => state,
    notices,
    isUnchanged,
    checkpoint: async (owner, title, signal) => {
      const begun = performance.now();
      if (await isUnchanged()) return state;
      const whole = depth < 0 || depth + 1 >= longestChain;
      const next = now.stamp === 'a' ? 'b' : 'a';
      const printed = await runScript(sandbox, {
        script: checkpointScript,
        args: [
          ...[now.commit ?? '', now.tree, now.state ?? '', now.stateTree],
          ...[(whole ? root.commit : now.commit) ?? '', whole ? '' : (now.state ?? ''), plainTitle(title)],
          ...[now.stamp, next],
        ],
        maxOutput: checkpointBytes,
        mostMs,
        doing: 'keeping what was changed',
        signal,
      });
      const kept = readKept(printed);
      if (typeof kept === 'string') now = { ...now, stateTree: kept, stamp: next };
      else {
        const before = whole ? null : now.commit;
        depth = whole ? 0 : depth + 1;
        await bundles.save(owner, { commit: kept.moment.commit, before, depth }, kept.bundle);
        now = { ...kept.moment, stamp: next };
        state = { base: state.base, checkpoint: { commit: kept.moment.commit, changes: kept.changes } };
        metrics.checkpointed((performance.now() - begun) / 1000);
      }
      mark = await sandbox.mark();
      return state;
    },
    commit: (step, request) => looking(() => commitFiles(branch, step, now.stamp, request)),
    strip: (step, parents) => stripFiles(branch, step, now.stamp, parents),
    merge: async (step, ours, theirs) => {
      const merging = () => mergeFiles(branch, step, now.stamp, { ours, theirs });
      const { conflicts } = await looking(merging, ({ changed }) => changed);
      return { conflicts };
    },
    diff: async (from, maxBytes, signal) => {
      const printed = await looking(() =>
        runScript(sandbox, {
          script: diffScript,
          args: [from === 'base' ? root.tree : now.tree, now.stamp],
          maxOutput: maxBytes,
          cut: true,
          mostMs,
          doing: 'comparing files',
          signal,
        }),
      );
      return cutAtLine(printed, maxBytes);
    },
  };
}

export function cutAtLine(printed: Buffer, maxBytes: number): { text: string; truncated: boolean } {
  if (printed.length <= maxBytes) return { text: printed.toString(), truncated: false };
  const cut = printed.subarray(0, maxBytes);
  const end = cut.lastIndexOf('\n') + 1;
  return { text: cut.subarray(0, end === 0 ? maxBytes : end).toString(), truncated: true };
}

interface Kept {
  readonly moment: Omit<Moment, 'stamp'> & { readonly commit: string };
  readonly changes: ReturnType<typeof readChanges>;
  readonly bundle: Buffer;
}

/** The state's tree alone when nothing was changed. */
function readKept(printed: Buffer): Kept | string {
  const end = printed.indexOf('\n');
  const [commit = '', tree = '', state = '', stateTree = ''] = printed.subarray(0, end).toString().split(' ');
  if (commit === 'same') return tree;
  // No field of the list is empty, so a null byte where one would begin ends it.
  const list = end + 1;
  const twice = printed.indexOf('\0\0', list);
  const bundle = printed[list] === 0 ? list + 1 : twice + 2;
  if (!/^[0-9a-f]{40}$/.test(commit) || bundle <= 1 || bundle >= printed.length)
    throw new GantryError('WORKSPACE_FAILED', 'The workspace answered what it should not. Try again.');
  return {
    moment: { commit, tree, state, stateTree },
    changes: readChanges(printed.subarray(list, bundle - 1)),
    bundle: printed.subarray(bundle),
  };
}

async function* joined(
  packs: readonly { readonly content: AsyncIterable<Uint8Array> }[],
): AsyncGenerator<Uint8Array> {
  for (const { content } of packs) yield* content;
}

function plainTitle(title: string): string {
  return (
    title
      .replace(/[\u0000-\u001f\u007f]+/g, ' ')
      .trim()
      .slice(0, 200) || 'Change'
  );
}

/** True when both mean the same files. */
export function isSameState(one: WorkspaceState, other: WorkspaceState): boolean {
  return isSameBase(one.base, other.base) && one.checkpoint?.commit === other.checkpoint?.commit;
}

function isSameBase(one: WorkspaceBase, other: WorkspaceBase): boolean {
  const nameOf = ({ repository }: WorkspaceBase): string =>
    repository.kind === 'bundle' ? `bundle ${repository.bundleId}` : repository.name;
  return (
    nameOf(one) === nameOf(other) &&
    one.commit === other.commit &&
    one.branch === other.branch &&
    one.trust === other.trust
  );
}
