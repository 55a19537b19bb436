import { z } from 'zod';
import { roleSchema } from './user.ts';

/** A key of a program, without its text. */
export const apiKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  userId: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable().describe('To within a minute.'),
  expiresAt: z.string().nullable(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

export const newApiKeySchema = apiKeySchema.extend({
  key: z
    .string()
    .nullable()
    .describe('Shown once; null when the same Idempotency-Key has made this key before.'),
});
export type NewApiKey = z.infer<typeof newApiKeySchema>;
