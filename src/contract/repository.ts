import { z } from 'zod';

export const forgeKindSchema = z.enum(['github', 'gitlab', 'git']);

/** `acme/shop`: what people call it, what caps, budgets and secrets of a repository go by. Unique in an instance. */
export const repositoryNameSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)*$/, 'must look like acme/shop');

/** A repository that runs may use. How Gantry gets in is said by kind only; the credential itself is never shown. */
export const repositorySchema = z.object({
  id: z.uuid(),
  name: repositoryNameSchema,
  forge: forgeKindSchema,
  url: z.string().describe('Where git clones it from, without a credential.'),
  webUrl: z.string().nullable(),
  defaultBranch: z.string().nullable().describe('Null while the repository is empty.'),
  isPrivate: z.boolean(),
  auth: z
    .enum(['none', 'instance', 'token', 'app', 'ssh'])
    .describe("`instance`: the server's own token or App."),
  status: z.enum(['ok', 'unreachable', 'refused', 'empty']),
  problem: z.string().nullable().describe('What to do, when the status is not ok.'),
  checkedAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
  createdBy: z.string().nullable(),
});
export type Repository = z.infer<typeof repositorySchema>;

export const branchSchema = z.object({
  name: z.string(),
  commit: z.string(),
  isProtected: z.boolean(),
});
export type RepositoryBranch = z.infer<typeof branchSchema>;

/** The GitHub App of a server: of its configuration, made by a form, or none. */
export const gitHubAppStateSchema = z.object({
  from: z.enum(['settings', 'form']).nullable(),
  name: z.string().nullable(),
  webUrl: z.string().nullable(),
  installUrl: z.string().nullable().describe('Where people install it on their repositories.'),
});
export type GitHubAppState = z.infer<typeof gitHubAppStateSchema>;

/** What a run works on: a connected repository, or a bundle that a command line uploaded of a local one. */
export const repositoryChoiceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('connected'),
    name: repositoryNameSchema,
    ref: z
      .string()
      .min(1)
      .max(250)
      .optional()
      .describe('Branch, tag or commit; the default branch without it.'),
  }),
  z.strictObject({
    kind: z.literal('bundle'),
    bundleId: z.uuid(),
    name: z.string().min(1).max(200).describe('What to call it, such as the name of its folder.'),
    ref: z.string().min(1).max(250).optional(),
  }),
]);
export type RepositoryChoice = z.infer<typeof repositoryChoiceSchema>;
