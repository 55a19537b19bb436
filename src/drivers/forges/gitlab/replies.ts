import { z } from 'zod';

/* Only what is read of GitLab's answers; the rest may change. */

const link = z.url({ protocol: /^https?$/ });
const hash = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);
const when = z.iso.datetime({ offset: true });
const account = z.object({ username: z.string() }).nullable();
const access = z.object({ access_level: z.number() }).nullish();

export const projectReply = z.object({
  path_with_namespace: z.string().regex(/^[\w.-]+(\/[\w.-]+)+$/),
  web_url: link,
  /* Null while the repository is empty. */
  default_branch: z.string().nullish(),
  empty_repo: z.boolean().optional(),
  /* Left out for who shows no token: then it is public. */
  visibility: z.enum(['public', 'internal', 'private']).optional(),
  archived: z.boolean().optional(),
  permissions: z.object({ project_access: access, group_access: access }).optional(),
});

export const branchReply = z.object({
  name: z.string(),
  protected: z.boolean(),
  commit: z.object({ id: hash }),
});

export const pullReply = z.object({
  iid: z.int().positive(),
  title: z.string(),
  description: z.string().nullish(),
  state: z.enum(['opened', 'closed', 'locked', 'merged']),
  draft: z.boolean(),
  author: account,
  web_url: link,
  source_branch: z.string(),
  target_branch: z.string(),
  source_project_id: z.number().nullable(),
  target_project_id: z.number(),
  sha: hash.nullish(),
  diff_refs: z.object({ start_sha: hash.nullish() }).nullish(),
  labels: z.array(z.string()),
  has_conflicts: z.boolean().nullish(),
  updated_at: when,
});
export type PullReply = z.output<typeof pullReply>;

export const fileReply = z.object({
  old_path: z.string(),
  new_path: z.string(),
  new_file: z.boolean(),
  deleted_file: z.boolean(),
  renamed_file: z.boolean(),
  diff: z.string(),
  too_large: z.boolean().nullish(),
  collapsed: z.boolean().nullish(),
});

export const issueReply = z.object({
  iid: z.int().positive(),
  title: z.string(),
  description: z.string().nullish(),
  state: z.string(),
  author: account,
  labels: z.array(z.string()),
  web_url: link,
});

export const noteReply = z.object({
  id: z.number().transform(String),
  body: z.string(),
  author: account,
  created_at: when,
  /* Written by GitLab itself: "assigned to ...". */
  system: z.boolean(),
  /* `DiffNote` and `DiscussionNote` belong to a discussion. */
  type: z.string().nullish(),
  resolved: z.boolean().optional(),
  position: z.object({ new_path: z.string().nullish(), new_line: z.int().nullish() }).nullish(),
});

export const discussionReply = z.object({
  id: z.string().regex(/^[0-9a-f]{1,64}$/),
  /* A comment that nobody answered. */
  individual_note: z.boolean(),
  notes: z.array(noteReply),
});

export const userReply = z.object({ username: z.string() });
export const statusReply = z.object({ status: z.string() });
export const foundUsersReply = z.array(z.object({ id: z.int(), username: z.string() }));
export const memberReply = z.object({ access_level: z.int(), state: z.string().optional() });

export const commitStatusReply = z.object({
  id: z.int(),
  name: z.string(),
  status: z.string(),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
  allow_failure: z.boolean().nullish(),
});
export const tokenReply = z.object({ id: z.number(), token: z.string().min(1), expires_at: z.iso.date() });
