import { z } from 'zod';

/** Why a file that a program left was not kept. */
export const skipReasons = [
  'link',
  'special',
  'name',
  'too_deep',
  'too_large',
  'too_large_together',
  'too_many',
  'unreadable',
] as const;
export type SkipReason = (typeof skipReasons)[number];

/** A file that a run left behind. Its name and its content are a stranger's; `mediaType` is what its bytes say. */
export const runFileSchema = z.object({
  id: z.uuid(),
  name: z.string().describe('Path below the output directory.'),
  bytes: z.int(),
  mediaType: z
    .string()
    .describe('By the first bytes, never by the name: text of any kind, markup included, is text/plain.'),
  sha256: z.string(),
});
export type RunFile = z.infer<typeof runFileSchema>;

export const skippedFileSchema = z.object({
  name: z.string().describe('Made inert and cut, to be shown only.'),
  reason: z.enum(skipReasons),
});
