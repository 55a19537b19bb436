import type { AccessTokenExposedSchema, AccessTokenScopes } from '@gitbeaker/rest';

/** GitLab's levels of access; ten is a guest, fifty an owner. */
export type Level = AccessTokenExposedSchema['access_level'];

export interface GitLabToken {
  readonly id: number;
  readonly token: string;
  readonly username: string;
  readonly scopes: AccessTokenScopes[];
  readonly level: Level;
  /** The one project that it is for; null for a person's. */
  readonly project: string | null;
  /** A day. */
  readonly expiresAt: string | null;
}

export interface GitLabNote {
  readonly id: number;
  readonly by: string;
  body: string;
  readonly system: boolean;
  /** Of the first of a discussion on a line. */
  readonly position?: { readonly path: string; readonly line: number };
  resolved?: boolean;
  /** Of the discussion that it belongs to; without it, it stands alone. */
  discussion?: string;
}

/** A job of a pipeline, or with no log what others said of a commit. */
export interface GitLabJob {
  readonly id: number;
  readonly sha: string;
  readonly name: string;
  status: string;
  readonly description: string | null;
  readonly allowFailure: boolean;
  readonly log: string | null;
}

export interface GitLabIssue {
  readonly iid: number;
  readonly title: string;
  readonly description: string;
  readonly state: 'opened' | 'closed';
  readonly by: string;
  readonly labels: string[];
  readonly notes: GitLabNote[];
}

export interface GitLabPull {
  readonly iid: number;
  title: string;
  description: string;
  state: 'opened' | 'closed' | 'merged';
  labels: string[];
  readonly by: string;
  readonly fork: boolean;
  source: { readonly name: string; readonly sha: string };
  readonly target: { readonly name: string; readonly sha: string };
  readonly notes: GitLabNote[];
}

export interface StoredProject {
  readonly id: number;
  /** `acme/shop`. */
  readonly path: string;
  /** The bare repository on disk. */
  readonly directory: string;
  readonly private: boolean;
  archived: boolean;
  readonly protectedBranches: Set<string>;
  readonly issues: GitLabIssue[];
  readonly pulls: GitLabPull[];
  readonly statuses: { readonly sha: string; readonly context: string; readonly state: string }[];
  readonly jobs: GitLabJob[];
  /** What people may do, by username. */
  readonly members: Map<string, Level>;
}

export interface GitLabState {
  readonly projects: Map<string, StoredProject>;
  readonly tokens: Map<string, GitLabToken>;
  /** What a free GitLab.com has not. */
  projectTokens: boolean;
  /** What a GitLab before 17 has not. */
  rawDiffs: boolean;
  /** Whether lists say the next page by link only. */
  keyset: boolean;
}
