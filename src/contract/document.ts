import { z } from 'zod';

const personSchema = z
  .object({ id: z.string(), name: z.string().nullable() })
  .describe('Whoever it is; the name is null once the user is gone.');

/** What people see of a document in a list: everything but its content. */
export const documentSchema = z.object({
  id: z.uuid(),
  kind: z.string(),
  name: z.string(),
  owner: personSchema,
  shared: z.boolean().describe('Everybody who signs in sees it; only its owner and admins change it.'),
  version: z.int().describe('The latest version; goes back as `expectedVersion` when the next is saved.'),
  bytes: z.int().describe('Size of the latest content, as JSON.'),
  note: z.string().describe('What was said about the latest version.'),
  savedBy: personSchema,
  mayChange: z.boolean().describe('Whether you may save, rename, share and delete it.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  deletedAt: z.iso.datetime().nullable(),
});
export type Document = z.infer<typeof documentSchema>;

/** One saved state of a document, without its content. */
export const documentVersionSchema = z.object({
  version: z.int(),
  note: z.string(),
  bytes: z.int(),
  savedBy: personSchema,
  savedAt: z.iso.datetime(),
});
export type DocumentVersion = z.infer<typeof documentVersionSchema>;

/** A document with the content of one of its versions, the latest unless another was asked for. */
export const openDocumentSchema = documentSchema.extend({
  shown: z.int().describe('The version that `content` is of.'),
  content: z.unknown(),
});
export type OpenDocument = z.infer<typeof openDocumentSchema>;
