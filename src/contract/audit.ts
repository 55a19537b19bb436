import { z } from 'zod';
import { pageQuerySchema } from './problem.ts';

/** One act of a person or a program, done or refused, by the names of its time. Entries never change. */
export const auditEntrySchema = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  by: z.object({
    userId: z.string().describe('Empty for somebody who was not let in.'),
    keyId: z.string().nullable(),
    name: z.string(),
  }),
  address: z.string(),
  operation: z.string().describe('Such as `PATCH /users/:id`.'),
  summary: z.string().describe('The same in words.'),
  kind: z.string().describe('What it was about: users, keys, settings, sign-in ...'),
  target: z.string().describe('Ids or names of what it was done to.'),
  changes: z.record(z.string(), z.unknown()),
  status: z.int(),
  code: z.string().nullable().describe('Why it was refused or failed; null when it was done.'),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

const noNul = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => !text.includes('\0'), 'must not hold NUL');

const filters = {
  user: noNul(200).optional().describe('Id of the user who did it.'),
  kind: noNul(100).optional(),
  operation: noNul(200).optional(),
  target: noNul(400).optional().describe('Id or name of what it was done to.'),
  outcome: z.enum(['done', 'refused']).optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
};

export const auditFilterSchema = z.strictObject(filters);
export type AuditFilter = z.infer<typeof auditFilterSchema>;
export const auditQuerySchema = pageQuerySchema.extend(filters);
export const auditExportSchema = z.strictObject({
  ...filters,
  format: z.enum(['csv', 'json']).default('csv'),
});
