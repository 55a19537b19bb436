import { z } from 'zod';

/* Only what is read of GitHub's answers; the rest may change. */

const id = z.union([z.number(), z.bigint()]);
const link = z.url({ protocol: /^https?$/ });
const hash = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);
/* Null for accounts that are gone. */
const account = z.object({ login: z.string() }).nullable();
const label = z.union([z.string(), z.object({ name: z.string().nullish() })]);

export const repositoryReply = z.object({
  full_name: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  html_url: link,
  private: z.boolean(),
  archived: z.boolean(),
  default_branch: z.string().min(1),
  size: z.number(),
  permissions: z.object({ push: z.boolean() }).optional(),
});

export const branchReply = z.object({
  name: z.string(),
  commit: z.object({ sha: hash }),
  protected: z.boolean(),
});

const side = z.object({ ref: z.string(), sha: hash, repo: z.object({ id }).nullable() });

export const pullReply = z.object({
  number: z.int().positive(),
  node_id: z.string(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  draft: z.boolean().optional(),
  merged_at: z.string().nullable(),
  user: account,
  html_url: link,
  head: side,
  base: side,
  labels: z.array(label),
  /* Left out in lists, null while GitHub computes it. */
  mergeable: z.boolean().nullish(),
  updated_at: z.iso.datetime({ offset: true }),
});
export type PullReply = z.output<typeof pullReply>;

export const fileReply = z.object({
  filename: z.string(),
  previous_filename: z.string().optional(),
  status: z.string(),
  patch: z.string().optional(),
  changes: z.number(),
});

export const issueReply = z.object({
  number: z.int().positive(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  user: account,
  labels: z.array(label),
  html_url: link,
});

export const commentReply = z.object({
  id: z.union([z.number(), z.bigint()]).transform(String),
  body: z.string().nullish(),
  user: account,
  created_at: z.iso.datetime({ offset: true }),
  html_url: link,
});

export const userReply = z.object({ login: z.string() });

export const installationReply = z.object({
  id,
  app_slug: z.string(),
  permissions: z.record(z.string(), z.string()),
  suspended_at: z.string().nullish(),
});

export const tokenReply = z.object({
  token: z.string().min(1),
  expires_at: z.iso.datetime({ offset: true }),
});

export const statusReply = z.object({ state: z.string() });
export const labelsReply = z.array(z.object({ name: z.string() }));

export const appReply = z.object({
  id,
  slug: z.string().optional(),
  name: z.string(),
  html_url: link,
  client_id: z.string(),
  client_secret: z.string(),
  webhook_secret: z.string().nullable(),
  pem: z.string(),
});

export const graphqlReply = z.object({
  errors: z.array(z.object({ type: z.string().optional(), message: z.string() })).optional(),
});

export const permissionReply = z.object({ permission: z.string() });

export const checkRunReply = z.object({
  id: z.union([z.number(), z.bigint()]).transform(String),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  html_url: link.nullable(),
  output: z.object({ title: z.string().nullable(), summary: z.string().nullable() }),
  app: z.object({ slug: z.string().optional() }).nullable(),
});

export const checkRunsReply = z.object({ total_count: z.int(), check_runs: z.array(checkRunReply) });

export const commitStatusReply = z.object({
  context: z.string(),
  state: z.enum(['error', 'failure', 'pending', 'success']),
  description: z.string().nullable(),
  target_url: z.string().nullable(),
});

export const reviewCommentReply = commentReply.extend({
  path: z.string(),
  line: z.int().nullish(),
  original_line: z.int().nullish(),
  in_reply_to_id: z.union([z.number(), z.bigint()]).transform(String).optional(),
});

/* What a whole review says, beside its comments on lines. */
export const reviewReply = z.object({
  id: z.union([z.number(), z.bigint()]).transform(String),
  body: z.string().nullish(),
  user: account,
  state: z.string(),
  html_url: link,
  submitted_at: z.iso.datetime({ offset: true }).optional(),
});

export const threadsReply = z.object({
  data: z.object({
    repository: z.object({
      pullRequest: z.object({
        reviewThreads: z.object({
          pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
          nodes: z.array(
            z.object({
              isResolved: z.boolean(),
              comments: z.object({ nodes: z.array(z.object({ fullDatabaseId: z.coerce.string() })) }),
            }),
          ),
        }),
      }),
    }),
  }),
});

export function labelNames(labels: readonly z.output<typeof label>[]): string[] {
  return labels.flatMap((each) => (typeof each === 'string' ? [each] : each.name ? [each.name] : []));
}
