import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { pathProblem, pathSchema, plainPath } from './paths.ts';
import { readText } from './read.ts';
import { replaceAllIn } from './replace.ts';

/** Replaces exact texts of a file, several at once: all of them or none. */
export const editTool = defineTool({
  name: 'edit',
  description:
    'Change a file by replacing exact texts. Each `old` must stand in the file exactly once (with `everywhere` as often as it likes), blanks and line breaks included. Several replacements are made in order; when one fails, none is made.',
  effect: 'change',
  input: z.strictObject({
    path: pathSchema,
    replacements: z
      .array(
        z.strictObject({
          old: z.string().min(1).max(200_000),
          new: z.string().max(200_000),
          everywhere: z.boolean().optional(),
        }),
      )
      .min(1)
      .max(100),
  }),
  title: ({ path }) => `edit ${path}`,
  touches: ({ path }) => [plainPath(path)],
  run: async ({ workspace }, { path, replacements }) => {
    const wrong = pathProblem(path);
    if (wrong !== undefined) return { text: wrong, failed: true };
    const plain = plainPath(path);
    const file = await readText(workspace, plain);
    if ('problem' in file) return { text: file.problem, failed: true };
    if (!file.isWhole)
      return { text: `${plain} is too large to be edited (${file.size} bytes).`, failed: true };
    const edited = replaceAllIn(file.text, replacements);
    if ('problem' in edited) return { text: `${edited.problem} Nothing was changed.`, failed: true };
    await workspace.put([{ path: plain, content: Buffer.from(edited.text) }]);
    return { text: `Changed ${plain} at ${edited.lines.map((line) => `line ${line}`).join(', ')}.` };
  },
});
