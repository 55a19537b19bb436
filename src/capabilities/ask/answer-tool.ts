import { z } from 'zod';
import type { OutputTool } from '../../harness/agent.ts';
import { defineTool } from '../../harness/tools/define-tool.ts';
import { lineCount } from '../../harness/tools/line-count.ts';
import { plainPath } from '../../harness/tools/paths.ts';
import type { Workspace } from '../../resources/workspace/workspace.ts';
import type { AskOutput } from './schema.ts';

type Citation = AskOutput['citations'][number];

const mostCitations = 100;

const answerTool = defineTool({
  name: 'answer',
  description:
    'Hand over your answer, when you have it; this ends your work. Name in `citations` the places of the repository that it rests on.',
  effect: 'read',
  input: z.strictObject({
    answer: z.string().min(1).max(60_000).describe('In Markdown.'),
    citations: z
      .array(z.strictObject({ path: z.string().min(1).max(4000), line: z.int().min(1) }))
      .max(mostCitations)
      .default([]),
  }),
  title: ({ citations }) => `answer, with ${citations.length} ${citations.length === 1 ? 'place' : 'places'}`,
  run: async ({ workspace, failures }, { answer, citations }) => {
    const { good, bad } = await sorted(workspace, citations);
    if (bad.length > 0 && failures === 0) return { text: complaint(bad), failed: true };
    const output: AskOutput = { answer, citations: good };
    return { text: 'Taken.', final: { output } };
  },
});

/** How the agent hands over its answer: by the tool, or by ending with words that name places as `path:line`. */
export const answerOutput: OutputTool = {
  tool: answerTool,
  ofText: (text, isLast) => {
    const citations = placesIn(text);
    const isAnnouncement =
      text.length < 200 && /^(I'll|I will|Let me|First,|Now,? I)\b|:\s*$/.test(text.trim());
    if (isAnnouncement && citations.length === 0 && !isLast) return undefined;
    return { answer: text, citations };
  },
};

/** Which places exist. What is named twice is named once. */
async function sorted(
  workspace: Workspace,
  citations: readonly Citation[],
): Promise<{ good: Citation[]; bad: Citation[] }> {
  const lines = new Map<string, number>();
  const good = new Map<string, Citation>();
  const bad: Citation[] = [];
  for (const { path: given, line } of citations) {
    const path = plainPath(given);
    const count = lines.get(path) ?? (await lineCount(workspace, path));
    lines.set(path, count);
    if (line <= count) good.set(`${path}:${line}`, { path, line });
    else bad.push({ path: given, line });
  }
  return { good: [...good.values()], bad };
}

function complaint(bad: readonly Citation[]): string {
  const named = bad.slice(0, 10).map(({ path, line }) => `${path.slice(0, 300)}:${line}`);
  return `These places do not exist: ${named.join(', ')}. Look them up, and hand over the answer again with places that do.`;
}

function placesIn(text: string): Citation[] {
  const found = text.matchAll(/(?<![\w/])((?:[\w@.+-]+\/)*[\w@.+-]*\w)(?::|#L)(\d{1,7})(?!\d)/g);
  const places = [...found].map(([, path = '', line = '']) => ({ path, line: Number(line) }));
  return places.filter(({ line }) => line > 0).slice(0, mostCitations);
}
