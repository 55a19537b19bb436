import { randomBytes } from 'node:crypto';

export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

export interface Account {
  readonly login: string;
  readonly type: 'User' | 'Bot';
}

/** Who asks, and what it may do. */
export interface Principal extends Account {
  readonly token: string;
  /** Null: everything. */
  readonly permissions: Permissions | null;
  /** Null: all repositories. */
  readonly repositories: readonly string[] | null;
  readonly expiresAt: Date | null;
}

export interface StoredComment {
  readonly id: number;
  readonly by: Account;
  body: string;
  readonly createdAt: Date;
}

export interface StoredReviewComment extends StoredComment {
  readonly path: string;
  readonly line: number;
  readonly inReplyTo: number | null;
  resolved: boolean;
}

/** A whole review. */
export interface StoredReview extends StoredComment {
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
}

export interface StoredCheckRun {
  readonly id: number;
  readonly sha: string;
  readonly name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  readonly summary: string | null;
  /** What its log says; only GitHub's own Actions have one. */
  readonly log: string | null;
}

/** An issue, or with `pull` a pull request. */
export interface StoredIssue {
  readonly number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  readonly by: Account;
  labels: string[];
  readonly comments: StoredComment[];
  readonly createdAt: Date;
  pull?: {
    head: { readonly ref: string; readonly sha: string; readonly fork: string | null };
    readonly base: { readonly ref: string; readonly sha: string };
    draft: boolean;
    mergedAt: Date | null;
    readonly reviews?: StoredReview[];
    readonly reviewComments?: StoredReviewComment[];
  };
}

export interface StoredRepository {
  readonly id: number;
  readonly name: string;
  readonly path: string;
  readonly private: boolean;
  archived: boolean;
  readonly protectedBranches: Set<string>;
  readonly issues: StoredIssue[];
  readonly statuses: { readonly sha: string; readonly context: string; readonly state: string }[];
  readonly checkRuns: StoredCheckRun[];
  /** What people may do, by login. */
  readonly members: Map<string, 'read' | 'write' | 'admin'>;
}

export interface Installation {
  readonly id: number;
  readonly repositories: readonly string[];
  readonly permissions: Permissions;
  suspended: boolean;
}

let serial = 1000;

/** A number that this process never gave before. */
export function nextId(): number {
  return (serial += 1);
}

export function newSecret(prefix: string): string {
  return `${prefix}${randomBytes(18).toString('hex')}`;
}

export function nextNumber(repository: StoredRepository): number {
  return repository.issues.length + 1;
}
