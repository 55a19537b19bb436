import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { pathProblem, pathSchema, plainPath } from './paths.ts';

/** Makes a file, or replaces one whole. */
export const writeTool = defineTool({
  name: 'write',
  description:
    'Write a file whole: a new one, or in place of the old. To change parts of a file use edit. An empty `content` makes an empty file; with `remove` the file is deleted.',
  effect: 'change',
  input: z.strictObject({
    path: pathSchema,
    content: z.string().max(1_000_000).optional(),
    executable: z.boolean().optional(),
    remove: z.boolean().optional(),
  }),
  title: ({ path, remove }) => `${remove ? 'remove' : 'write'} ${path}`,
  touches: ({ path }) => [plainPath(path)],
  run: async ({ workspace }, { path, content, executable, remove }) => {
    const wrong = pathProblem(path);
    if (wrong !== undefined) return { text: wrong, failed: true };
    const plain = plainPath(path);
    if (remove) {
      await workspace.remove(plain);
      return { text: `${plain} is gone.` };
    }
    if (content === undefined) return { text: 'Give the content, or say remove.', failed: true };
    await workspace.put([{ path: plain, content: Buffer.from(content), ...(executable && { executable }) }]);
    const lines = content === '' ? 0 : content.split('\n').length - (content.endsWith('\n') ? 1 : 0);
    return { text: `Wrote ${plain}: ${lines} lines.` };
  },
});
