import { GantryError } from '../../base/errors.ts';
import { inert } from '../../base/inert.ts';
import type { StepContext } from '../../kernel/context.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import { branchRef, historyOf, packsOf, type BranchHistory } from './branch-history.ts';
import { commitScript, latestTarget, mergeScript, stripScript } from './branch-scripts.ts';
import type { Bundles } from './bundles.ts';
import { commitDate, plainAuthor, plainMessage } from './commit-words.ts';
import { readChanges } from './file-changes.ts';
import type { Mirror } from './mirrors.ts';
import { runScript, type ScriptRequest } from './sandbox-script.ts';
import type { BranchCommit, CommitRequest, WorkspaceBase } from './workspace.ts';

/** Brings commits of the repository to this machine; undefined where it is no connected one. */
export type BringCommits = (step: StepContext, commits: readonly string[]) => Promise<Mirror | undefined>;

/** The open workspace whose files become commits. */
export interface BranchGround {
  readonly sandbox: Sandbox;
  readonly bundles: Bundles;
  readonly bring: BringCommits;
  readonly base: WorkspaceBase;
  /** The files as they were checked out. */
  readonly checkedOut: { readonly commit: string | null; readonly tree: string };
  /** Commits that its own git has by now. */
  readonly has: Set<string>;
  /** In bytes. */
  readonly commitBytes: number;
  readonly scriptMs: number;
}

type Stamp = 'a' | 'b';
const listBytes = 16 * 1024 ** 2;

/** What `Workspace.commit` says. */
export async function commitFiles(
  ground: BranchGround,
  step: StepContext,
  stamp: Stamp,
  request: CommitRequest,
): Promise<BranchCommit | null> {
  const { bundles, base, has, commitBytes } = ground;
  const { parents } = request;
  const history = await historyOfParents(bundles, step, parents);
  const before = history.own.findLast(({ commit }) => parents.includes(commit));
  const known = [...new Set([...history.roots, ...(base.commit === null ? [] : [base.commit])])];
  const needs = before ? [before.commit, ...known] : known;
  const author = plainAuthor(request.author);
  const committer = request.committer ? plainAuthor(request.committer) : author;
  const printed = await inBranch(ground, step, history, {
    script: commitScript,
    args: [
      ...argsOf(ground, stamp, history, parents),
      ...[needs.join(' '), plainMessage(request.message)],
      ...[author.name, author.email, committer.name, committer.email, commitDate(request.at)],
    ],
    maxOutput: commitBytes,
    doing: 'making a commit',
  });
  const made = readMade(printed);
  if (!made) return null;
  const head = [
    '# v2 git bundle',
    ...needs.map((commit) => `-${commit}`),
    `${made.commit} ${branchRef}`,
    '\n',
  ].join('\n');
  await bundles.save(
    step.owner,
    { commit: made.commit, before: before?.commit ?? null, depth: before ? before.depth + 1 : 0 },
    Buffer.concat([Buffer.from(head), made.pack]),
  );
  has.add(made.commit);
  return { commit: made.commit, changes: made.changes };
}

/** What `Workspace.strip` says. */
export async function stripFiles(
  ground: BranchGround,
  step: StepContext,
  stamp: Stamp,
  parents: readonly string[],
): Promise<void> {
  const history = await historyOfParents(ground.bundles, step, parents);
  await inBranch(ground, step, history, {
    script: stripScript,
    args: argsOf(ground, stamp, history, parents),
    maxOutput: listBytes,
    doing: 'taking away what no commit holds',
  });
}

/** What `Workspace.merge` says, and whether any file was written. */
export async function mergeFiles(
  ground: BranchGround,
  step: StepContext,
  stamp: Stamp,
  { ours, theirs }: { readonly ours: string; readonly theirs: string },
): Promise<{ readonly conflicts: readonly string[]; readonly changed: boolean }> {
  const history = await historyOf(ground.bundles, step.owner, [ours, theirs]);
  const printed = await inBranch(ground, step, history, {
    script: mergeScript,
    args: argsOf(ground, stamp, history, [ours, theirs]),
    maxOutput: listBytes,
    doing: 'merging',
  });
  const end = printed.indexOf('\n');
  return {
    conflicts: readNames(printed.subarray(end + 1)),
    changed: printed.subarray(0, end).toString() === 'changed',
  };
}

/** Names that a null byte ends each, every one once. */
export function readNames(printed: Uint8Array): string[] {
  const names = new TextDecoder().decode(printed).split('\0');
  return [...new Set(names.filter((name) => name !== ''))];
}

async function historyOfParents(
  bundles: Bundles,
  step: StepContext,
  parents: readonly string[],
): Promise<BranchHistory> {
  if (parents.length > 2)
    throw new GantryError('INPUT_INVALID', 'A commit has at most two parents here. Merge one after another.');
  const history = await historyOf(bundles, step.owner, parents);
  if (parents.filter((each) => history.own.some(({ commit }) => commit === each)).length > 1)
    throw new GantryError(
      'INPUT_INVALID',
      'A merge joins one commit of the run with one of the repository. Merge only what the repository has.',
    );
  return history;
}

function argsOf(
  { base, checkedOut }: BranchGround,
  stamp: Stamp,
  { roots }: BranchHistory,
  parents: readonly string[],
): string[] {
  return [
    ...[stamp, base.commit ?? '', checkedOut.tree, checkedOut.commit === base.commit ? '' : 'converts'],
    ...[parents.join(' '), roots.filter((commit) => commit !== base.commit).join(' ')],
  ];
}

/** Runs a script in the workspace, with the commits that it needs. */
async function inBranch(
  { sandbox, bundles, bring, base, has, scriptMs }: BranchGround,
  step: StepContext,
  { own, roots }: BranchHistory,
  request: Pick<ScriptRequest, 'script' | 'args' | 'maxOutput' | 'doing'>,
): Promise<Buffer> {
  const imports = roots.filter((commit) => commit !== base.commit && !has.has(commit));
  const missing = own.filter(({ commit }) => !has.has(commit));
  const { sizes, content } = await packsOf(bundles, missing);
  const mirror = imports.length > 0 ? await bring(step, imports) : undefined;
  try {
    const printed = await runScript(sandbox, {
      ...request,
      args: [...request.args, ...sizes],
      ...(sizes.length > 0 && { stdin: content }),
      ...(mirror && { mounts: [{ source: mirror.path, target: latestTarget }] }),
      mostMs: scriptMs,
      signal: step.signal,
      meanings: { 6: () => noSuchCommit(), 8: harmful },
    });
    for (const commit of [...imports, ...missing.map((each) => each.commit)]) has.add(commit);
    return printed;
  } finally {
    await mirror?.release();
  }
}

export function noSuchCommit(): GantryError {
  return new GantryError(
    'NOT_FOUND',
    'One of the commits is neither of this run nor of its repository. Its branch may have been deleted or rewritten since.',
  );
}

/** What git's check of objects complains of, on one line. */
export function harmIn(said: string): string {
  const lines = said.trim().split('\n');
  const line = lines.find((each) => each.startsWith('error: ')) ?? lines.at(-1) ?? '';
  return inert(line.slice(0, 300));
}

function harmful(said: string): GantryError {
  return new GantryError(
    'INPUT_INVALID',
    `The files hold what git refuses as harmful in a commit: ${harmIn(said)}. Take it out of them.`,
    { cause: new Error(said) },
  );
}

function readMade(
  printed: Buffer,
): { commit: string; changes: ReturnType<typeof readChanges>; pack: Buffer } | undefined {
  const end = printed.indexOf('\n');
  const commit = printed.subarray(0, end).toString();
  if (commit === 'same') return undefined;
  // No field of the list is empty, so a null byte where one would begin ends it.
  const list = end + 1;
  const pack = printed[list] === 0 ? list + 1 : printed.indexOf('\0\0', list) + 2;
  if (!/^[0-9a-f]{40}$/.test(commit) || pack <= 1 || pack >= printed.length)
    throw new GantryError('WORKSPACE_FAILED', 'The workspace answered what it should not. Try again.');
  return { commit, changes: readChanges(printed.subarray(list, pack - 1)), pack: printed.subarray(pack) };
}
