/**
 * The forge port: where repositories live, and pull requests and issues with them. Repositories, workspaces and
 * capabilities call it; `drivers/forges/*` implement it. A merge request of GitLab is a pull here.
 */

export const forgeKinds = ['github', 'gitlab', 'git'] as const;
export type ForgeKind = (typeof forgeKinds)[number];

/** What a forge can do beyond git itself. */
export interface ForgeAbilities {
  readonly pulls: boolean;
  readonly issues: boolean;
  readonly statuses: boolean;
  /** What CI says of a commit can be read. */
  readonly checks: boolean;
  /** Comments on lines of pulls, and answers to them. */
  readonly reviews: boolean;
  /** Its credentials reach one repository only and end by themselves. */
  readonly scopedCredentials: boolean;
}

/** A repository as its forge describes it. */
export interface RemoteRepository {
  /** `acme/shop`; for plain git, the last parts of its address. */
  readonly fullName: string;
  readonly cloneUrl: string;
  readonly webUrl: string | null;
  /** Null while the repository is empty. */
  readonly defaultBranch: string | null;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  readonly mayPush: boolean;
}

/** A deploy key, and the host keys that are trusted, as lines of a `known_hosts` file. */
export interface SshKey {
  readonly privateKey: string;
  readonly knownHosts: string;
}

/** What lets git in. Held in memory only, never stored, logged or handed to a sandbox. */
export interface GitCredential {
  readonly username: string;
  readonly password: string;
  /** For addresses of ssh, in place of the password. */
  readonly ssh?: SshKey;
  readonly expiresAt: Date | null;
  /** Ends it at the forge, where the forge can; safe to call twice. */
  revoke(): Promise<void>;
}

/** What a credential may do. */
export type CredentialPurpose = 'read' | 'write';

export interface Branch {
  readonly name: string;
  readonly commit: string;
  readonly isProtected: boolean;
}

export type PullState = 'open' | 'closed' | 'merged';

export interface Pull {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: PullState;
  readonly isDraft: boolean;
  readonly author: string;
  readonly webUrl: string;
  readonly head: { readonly branch: string; readonly commit: string; readonly isFork: boolean };
  /** The commit is null in lists of forges that leave it out there. */
  readonly base: { readonly branch: string; readonly commit: string | null };
  readonly labels: readonly string[];
  /** Null in lists, and while the forge has not looked yet. */
  readonly hasConflicts: boolean | null;
  readonly updatedAt: Date;
}

export interface NewPull {
  readonly title: string;
  readonly body: string;
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
  readonly labels?: readonly string[];
}

export interface ForgeIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  readonly author: string;
  readonly labels: readonly string[];
  readonly webUrl: string;
}

export interface ForgeComment {
  readonly id: string;
  readonly author: string;
  readonly body: string;
  readonly createdAt: Date;
  readonly webUrl: string | null;
  /** The key that Gantry's own account wrote it under, as long as it is spelled plainly; null for all that others wrote. */
  readonly key: string | null;
}

/** Where people talk. GitLab numbers issues and pulls separately, so a number alone doesn't say which. */
export interface Thread {
  readonly on: 'pull' | 'issue';
  readonly number: number;
}

/** What somebody may do with the repository at the forge. A forge may say `read` of anybody where all may read. */
export const permissions = ['none', 'read', 'write', 'admin'] as const;
export type Permission = (typeof permissions)[number];

/** What somebody wrote in a review of a pull. Data of strangers, whoever wrote it. */
export interface ReviewComment extends ForgeComment {
  /** The same for a comment and all that answers it. */
  readonly thread: string;
  /** Where it stands in the head's files; both null for what is said of the whole pull. */
  readonly path: string | null;
  readonly line: number | null;
  readonly isResolved: boolean;
}

export interface ForgeCheck {
  readonly name: string;
  readonly state: 'pending' | 'passed' | 'failed';
  /** What the check says of itself, in a few lines; may be empty. */
  readonly summary: string;
  readonly webUrl: string | null;
  /** The end of its log, without control characters; of the first three that failed, where the forge gives it. */
  readonly log: string | null;
}

/** What CI and others say of a commit: failed when one failed, pending while one is, none when there is nothing. */
export interface CommitChecks {
  readonly state: 'none' | 'pending' | 'passed' | 'failed';
  readonly checks: readonly ForgeCheck[];
}

export interface CommitStatus {
  readonly context: string;
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  readonly description: string;
  readonly targetUrl?: string;
}

/**
 * One repository at one forge. Throws GantryError: FORGE_KEY_REFUSED, FORGE_FORBIDDEN (the right that lacks is named),
 * NOT_FOUND, CONFLICT, FORGE_RATE_LIMITED (with `retryAfterSeconds`), FORGE_UNAVAILABLE, FORGE_REPLY_INVALID, and
 * FORGE_UNABLE for what its `abilities` leave out. Acts that create look first for what an earlier try made: `key` is the
 * same at every try, and leaves a hidden mark where the forge has no key of its own.
 */
export interface Forge {
  readonly kind: ForgeKind;
  readonly abilities: ForgeAbilities;
  describe(): Promise<RemoteRepository>;
  /** Undefined when there is no such branch. */
  branch(name: string): Promise<Branch | undefined>;
  branches(): AsyncIterable<Branch>;
  credential(purpose: CredentialPurpose): Promise<GitCredential | null>;
  pull(number: number): Promise<Pull>;
  /** The latest first. */
  pulls(filter: { readonly state: PullState | 'all'; readonly head?: string }): AsyncIterable<Pull>;
  openPull(pull: NewPull, key: string): Promise<Pull>;
  updatePull(
    number: number,
    change: Partial<Pick<NewPull, 'title' | 'body' | 'draft'>> & { readonly state?: 'open' | 'closed' },
  ): Promise<Pull>;
  /** The unified diff, at most `maxBytes` of it. */
  pullDiff(number: number, maxBytes: number): Promise<{ readonly text: string; readonly truncated: boolean }>;
  issue(number: number): Promise<ForgeIssue>;
  /** The earliest first. */
  comments(thread: Thread): AsyncIterable<ForgeComment>;
  /** One comment per `key`: posted at first, edited in place later. */
  comment(thread: Thread, body: string, key: string): Promise<ForgeComment>;
  setStatus(commit: string, status: CommitStatus): Promise<void>;
  /** What this account may do, by its login; `none` for who is no member or doesn't exist. */
  permission(login: string): Promise<Permission>;
  /** 300 checks at most. */
  checks(commit: string): Promise<CommitChecks>;
  /** The earliest first; those of `comments` aren't among them. */
  reviewComments(pull: number): AsyncIterable<ReviewComment>;
  /** Answers in the thread of a review comment, once per `key`. */
  reply(
    pull: number,
    to: Pick<ReviewComment, 'id' | 'thread'>,
    body: string,
    key: string,
  ): Promise<ForgeComment>;
  /**
   * Ends the tokens that its own requests were made with and that nobody holds; never throws, and it can still be used
   * afterwards. For when a run or a look at the repository is done.
   */
  close(): Promise<void>;
}

/** How a forge lets Gantry in. Values, opened just before use. */
export type ForgeAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string; readonly username?: string }
  | { readonly kind: 'app'; readonly appId: string; readonly privateKey: string }
  | { readonly kind: 'ssh'; readonly privateKey: string; readonly knownHosts: string };

/** What a driver is opened with, for one repository. */
export interface ForgeAccess {
  /** `https://ghe.example.com`; the public forge without it. */
  readonly baseUrl?: string;
  /** `acme/shop`, or the whole address for plain git. */
  readonly repository: string;
  readonly auth: ForgeAuth;
  readonly fetch: typeof globalThis.fetch;
  /** The host's git, for what forges can't be asked otherwise. */
  readonly runGit: RunGit;
  /** Ends waiting and requests. */
  readonly signal?: AbortSignal;
}

/** One question to a remote by the host's git, outside of any repository. */
export interface GitQuestion {
  /** The command with its options, such as `['ls-remote', '--symref']`; the runner adds `--`, remote and patterns. */
  readonly command: readonly string[];
  /** https, ssh, `git@host:path` or a path; the runner lets git speak this one protocol only. */
  readonly remote: string;
  readonly patterns?: readonly string[];
  readonly credential: Pick<GitCredential, 'username' | 'password' | 'ssh'> | null;
  readonly signal?: AbortSignal;
}

export interface GitAnswer {
  /** Null when it was stopped: by the signal, or because it took too long or said too much. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Starts the host's git with an empty environment, no configuration, English messages (LC_ALL=C) and no prompts; the
 * credential reaches that one process only. Any exit is an answer.
 */
export type RunGit = (question: GitQuestion) => Promise<GitAnswer>;
