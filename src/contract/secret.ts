import { z } from 'zod';

/** Which runs may use a secret: those on a repository, those of a capability, or all. */
export const secretGrantSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('repository'), subject: z.string().min(1).max(300) }),
  z.strictObject({ kind: z.literal('capability'), subject: z.string().min(1).max(100) }),
  z.strictObject({ kind: z.literal('everyone') }),
]);
export type SecretGrant = z.infer<typeof secretGrantSchema>;

/** A secret as people see it: everything but its value. */
export const secretSchema = z.object({
  name: z.string(),
  scope: z.enum(['instance', 'user', 'repository']),
  owner: z.string().describe('Id of the user or name of the repository; empty for the instance.'),
  grants: z
    .array(secretGrantSchema)
    .describe('Which runs may use it, besides those of Gantry itself; runs on a repository use its own.'),
  createdBy: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable().describe('To within a minute.'),
  lastUsedBy: z.string().nullable().describe('Id of a run, or what of Gantry used it.'),
});
export type Secret = z.infer<typeof secretSchema>;

/** Where the change of the master key stands. */
export const keyRotationSchema = z.object({
  keyId: z.string().describe('Tells keys apart and says nothing about them.'),
  total: z.int(),
  remaining: z.int().describe('Secrets that are still sealed under another key.'),
  unreadable: z.int().describe('Of those, the ones that no key of this server opens: set them again.'),
  rotation: z
    .object({
      startedAt: z.iso.datetime(),
      startedBy: z.string().nullable(),
      finishedAt: z.iso.datetime().nullable(),
      fromKey: z.string(),
      toKey: z.string(),
      resealed: z.int(),
    })
    .nullable(),
});
export type KeyRotation = z.infer<typeof keyRotationSchema>;
