import { z } from 'zod';
import { defineTool } from './define-tool.ts';

const mostBytes = 28_000;

/** Shows what was changed since the run began. */
export const diffTool = defineTool({
  name: 'diff',
  description: 'Show all that was changed in the repository since you began, as a unified diff.',
  effect: 'read',
  input: z.strictObject({}),
  title: () => 'diff',
  run: async ({ workspace }) => {
    const { text, truncated } = await workspace.diff('base', mostBytes);
    if (text === '') return { text: 'Nothing was changed.' };
    return { text: truncated ? `${text}\n[The diff is longer; run git diff on single files.]` : text };
  },
});
