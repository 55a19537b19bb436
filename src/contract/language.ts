import { z } from 'zod';

/** A program to start from; a page has the words for each `id`. */
export const exampleSchema = z.object({
  id: z.enum(['hello', 'stdin', 'args', 'output', 'limit', 'talk']),
  files: z.array(z.object({ name: z.string(), content: z.string() })),
  stdin: z.string().optional(),
  args: z.array(z.string()).optional(),
  limits: z.record(z.string(), z.int()).optional(),
  interactive: z.boolean().optional(),
});
export type Example = z.infer<typeof exampleSchema>;

/** A language that can be run now. */
export const languageSchema = z.object({
  name: z.string(),
  aliases: z.array(z.string()),
  versions: z.array(z.string()).describe('Newest first; the first is taken unless a request names another.'),
  extensions: z.array(z.string()),
  compiled: z.boolean(),
  warm: z.boolean().describe('Interpreters of the newest version are kept started beforehand.'),
  highlight: z.string().describe('What editors call its syntax, such as `cpp`.'),
  fileName: z.string().describe('What a new program is called.'),
  examples: z.array(exampleSchema),
});
