import type { EventBody } from '../../contract/event.ts';
import type { RepositoryChoice } from '../../contract/repository.ts';
import type { StepContext } from '../../kernel/context.ts';
import type { ExecRequest, ExecResult, FilePart, SandboxFile, SandboxLimits } from '../ports/sandbox.ts';

/** What a run starts from: a repository at one commit. JSON, recorded by the step that found it; no credential in it. */
export interface WorkspaceBase {
  readonly repository: RepositoryChoice;
  /** Full hash; null for an empty repository. */
  readonly commit: string | null;
  /** The branch that `ref` named or the default; null for a tag or a bare commit. */
  readonly branch: string | null;
  /** Whose caches it may use: a stranger's code never feeds a trusted run's. */
  readonly trust: 'trusted' | 'stranger';
}

/** A file that differs from the state before. */
export interface FileChange {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted';
  /** Lines; null for binary files. */
  readonly added: number | null;
  readonly removed: number | null;
}

/** The files of a run at one moment: a commit on a private ref, its bundle stored with the run. JSON, recorded. */
export interface Checkpoint {
  readonly commit: string;
  readonly changes: readonly FileChange[];
}

/** All that says what a workspace holds, wherever and whenever it is opened. JSON, recorded. */
export interface WorkspaceState {
  readonly base: WorkspaceBase;
  /** Null while nothing was changed. */
  readonly checkpoint: Checkpoint | null;
}

/** What of a workspace is told as events. */
export type WorkspaceEvent = Extract<EventBody, { type: 'workspace' | 'egress' | 'log' | 'progress' }>;

/** A run's files in a sandbox of this machine. */
export interface Workspace {
  readonly state: WorkspaceState;
  /** Runs a program without any network. `cwd` is relative to the repository's root. */
  exec(
    request: Pick<
      ExecRequest,
      'argv' | 'cwd' | 'env' | 'stdin' | 'limits' | 'signal' | 'onOutput' | 'readOnly' | 'mounts'
    >,
  ): Promise<ExecResult>;
  read(
    path: string,
    range: { readonly offset: number; readonly bytes: number },
  ): Promise<FilePart | undefined>;
  put(files: readonly SandboxFile[]): Promise<void>;
  remove(path: string): Promise<void>;
  /** What the next checkpoint would hold, as a unified diff against `from`: the base commit, or the checkpoint before. */
  diff(
    from: 'base' | 'checkpoint',
    maxBytes: number,
  ): Promise<{ readonly text: string; readonly truncated: boolean }>;
  /**
   * Keeps what was changed since the state before, and answers the new state; the same state when nothing was. Call it
   * inside of the step that changed something, and record what it answers with that step.
   */
  checkpoint(title: string): Promise<WorkspaceState>;
  /**
   * Makes a commit of the files as they are, without what the repository ignores and the first parent lacks, and keeps it
   * with the run. Nothing of the workspace changes by it. The same request gives the same commit, on any machine. Null when
   * its files would be those of the first parent, and no other history would come with it. INPUT_INVALID for files that git refuses as harmful, NOT_FOUND for a
   * parent that nobody knows, WORKSPACE_FULL for more than a checkpoint may hold.
   */
  commit(request: CommitRequest): Promise<BranchCommit | null>;
  /**
   * Takes away what a commit of these files on these parents would not hold; installed packages stay. The files are no longer
   * those of the state that `at` was given. Throws as `commit` does.
   */
  strip(parents: readonly string[]): Promise<void>;
  /**
   * Brings the files to what a merge of `ours` with `theirs` gives; what neither has and the repository ignores stays.
   * Files in conflict hold markers and are named; nothing is committed. `theirs` is a commit of the repository that
   * `latest` has named.
   */
  merge(ours: string, theirs: string): Promise<{ readonly conflicts: readonly string[] }>;
}

/** Who a commit says has made it. */
export interface CommitAuthor {
  readonly name: string;
  readonly email: string;
}

export interface CommitRequest {
  /** Subject, and body after an empty line; control characters are taken out. */
  readonly message: string;
  readonly author: CommitAuthor;
  /** Without one the committer is the author. */
  readonly committer?: CommitAuthor;
  readonly at: string;
  /** Full hashes: the base's commit or one of this run, none in an empty repository; for a merge, then `theirs`. */
  readonly parents: readonly string[];
}

/** A commit of the branch that a run makes. JSON, recorded. */
export interface BranchCommit {
  readonly commit: string;
  /** What differs from the first parent. */
  readonly changes: readonly FileChange[];
}

export interface PublishRequest {
  readonly base: WorkspaceBase;
  /** What `Workspace.commit` answered last. */
  readonly head: string;
  readonly branch: string;
  /** What the branch is at the remote before, as it is known from an earlier push; null when it must not be there yet. */
  readonly replaces: string | null;
}

/**
 * The files that runs work on. Stories record states; steps turn a state into a workspace, on whatever machine they run.
 */
export interface Workspaces {
  /**
   * Finds what a choice means now and brings its commits to this machine. NOT_FOUND for an unknown repository, branch or
   * bundle, and what the forge port throws.
   */
  resolve(
    step: StepContext,
    choice: RepositoryChoice,
    trust: WorkspaceBase['trust'],
  ): Promise<WorkspaceState>;
  /**
   * The run's workspace in exactly this state: the one that is open here when it is, else built from mirror, snapshot and
   * bundle. What an interrupted step had changed since is gone.
   */
  at(step: StepContext, state: WorkspaceState, options?: WorkspaceOptions): Promise<Workspace>;
  /**
   * What the branch of the base is now, after a fetch; NOT_FOUND when it is gone. A tag or a bare commit is what it was.
   * FORGE_UNABLE for bundles.
   */
  latest(step: StepContext, base: WorkspaceBase): Promise<string>;
  /** The files in which a merge of two commits of this run or repository would conflict. */
  conflicts(step: StepContext, base: WorkspaceBase, ours: string, theirs: string): Promise<readonly string[]>;
  /** The unified diff between two commits of this run or its base. */
  compare(
    step: StepContext,
    base: WorkspaceBase,
    range: { readonly from: string; readonly to: string; readonly maxBytes: number },
  ): Promise<{ readonly text: string; readonly truncated: boolean }>;
  /**
   * Pushes commits of this run, and nothing else, to one branch of the connected repository. What is there already is left
   * at that, so that a push can be made again. Throws BRANCH_MOVED when the branch is not what it `replaces`,
   * BRANCH_PROTECTED and PUSH_REFUSED with the words of the remote, FORGE_FORBIDDEN when the credential may not push,
   * WORKSPACE_FULL when the commits are too large together, FORGE_UNABLE for bundles.
   */
  publish(step: StepContext, request: PublishRequest): Promise<void>;
  /** A git bundle of the commits from the base to `head`, for whom there is no remote to push to. */
  bundle(step: StepContext, request: Omit<PublishRequest, 'replaces'>): Promise<Buffer>;
  /**
   * Lets go of what the run has on this machine, or of the one workspace of this name; its states can still be opened. Safe
   * to call twice.
   */
  release(runId: string, name?: string): Promise<void>;
}

export interface WorkspaceOptions {
  /** A second one of the same run, for what is done beside the first. */
  readonly name?: string;
  /** Stricter than the instance's. */
  readonly limits?: Partial<SandboxLimits>;
  /** Installs what the repository's lockfiles name, before the workspace is handed out; off unless given. */
  readonly dependencies?: boolean;
}
