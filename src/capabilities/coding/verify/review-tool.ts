import { z } from 'zod';
import { inert, inertLines } from '../../../base/inert.ts';
import type { OutputTool } from '../../../harness/agent.ts';
import { defineTool } from '../../../harness/tools/define-tool.ts';
import { plainPath } from '../../../harness/tools/paths.ts';
import type { Workspace } from '../../../resources/workspace/workspace.ts';

const reviewFinding = z.strictObject({
  path: z.string().min(1).max(1000),
  line: z.int().min(1),
  severity: z.enum(['error', 'warning']),
  message: z.string().trim().min(1).max(2000).describe('What goes wrong, when, and how to mend it.'),
});

/** What a review came to. */
export const reviewSchema = z.object({
  summary: z.string(),
  findings: z.array(
    z.object({
      path: z.string().nullable(),
      line: z.int().min(1).nullable(),
      severity: z.enum(['error', 'warning']),
      message: z.string(),
    }),
  ),
});
export type Review = z.infer<typeof reviewSchema>;

const mostBytes = 4 * 1024 ** 2;

const reviewTool = defineTool({
  name: 'review',
  description: 'Hand over your review, when you have it; this ends your work.',
  effect: 'read',
  input: z.strictObject({
    summary: z
      .string()
      .trim()
      .min(1)
      .max(4000)
      .describe('What the change does, and what you think of it, in a few sentences.'),
    verdict: z.enum(['passed', 'failed']).describe('`failed` only with a finding of severity `error`.'),
    findings: z.array(reviewFinding).max(30).default([]),
  }),
  title: ({ verdict, findings }) =>
    `review: ${verdict}, ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`,
  run: async ({ workspace, failures }, { summary, verdict, findings }) => {
    const lines = await lineCounts(
      workspace,
      findings.map(({ path }) => path),
    );
    const exists = ({ path, line }: { path: string; line: number }): boolean =>
      line <= (lines.get(path) ?? 0);
    const wrong = complaints(verdict, findings, exists);
    if (wrong.length > 0 && failures === 0) return { text: wrong.join(' '), failed: true };
    const output: Review = {
      summary: inertLines(summary),
      findings: findings.map((each) => {
        const isThere = exists(each);
        const path =
          lines.has(each.path) && (lines.get(each.path) ?? 0) > 0 ? inert(plainPath(each.path)) : null;
        return {
          path,
          line: isThere ? each.line : null,
          severity: each.severity,
          message: inertLines(each.message),
        };
      }),
    };
    return { text: 'Taken.', final: { output } };
  },
});

/** How the reviewer hands over what it found: by the tool, or as its input in the words that it ends with. */
export const reviewOutput: OutputTool = { tool: reviewTool, ofText: writtenDown };

function writtenDown(text: string): unknown {
  const [start, end] = [text.indexOf('{'), text.lastIndexOf('}')];
  try {
    const said: unknown = JSON.parse(text.slice(Math.max(0, start), end + 1));
    return 'input' in reviewTool.check(said) ? said : undefined;
  } catch {
    return undefined;
  }
}

function complaints(
  verdict: 'passed' | 'failed',
  findings: readonly z.infer<typeof reviewFinding>[],
  exists: (place: { path: string; line: number }) => boolean,
): string[] {
  const bad = findings.filter((each) => !exists(each));
  const hasError = findings.some(({ severity }) => severity === 'error');
  const named = bad.slice(0, 10).map(({ path, line }) => `${path.slice(0, 300)}:${line}`);
  return [
    ...(bad.length > 0
      ? [
          `These places do not exist: ${named.join(', ')}. Look them up, and hand over the review again with places that do.`,
        ]
      : []),
    ...(verdict === 'failed' && !hasError
      ? [
          'A failed review needs a finding of severity "error" that says what must not be committed; or it has passed.',
        ]
      : []),
    ...(verdict === 'passed' && hasError
      ? ['A review that has passed names no errors; make them warnings, or let it fail.']
      : []),
  ];
}

/** How many lines the files have, by the paths as they were named; 0 for what is no file of the workspace. */
async function lineCounts(workspace: Workspace, paths: readonly string[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const path of new Set(paths)) counts.set(path, await linesOf(workspace, plainPath(path)));
  return counts;
}

async function linesOf(workspace: Workspace, path: string): Promise<number> {
  if (path === '' || path.split('/').includes('..')) return 0;
  const part = await workspace.read(path, { offset: 0, bytes: mostBytes }).catch(() => undefined);
  if (!part) return 0;
  // What lies beyond is taken on trust: no line of it can be counted.
  if (part.size > part.content.length) return Number.MAX_SAFE_INTEGER;
  const text = Buffer.from(part.content).toString('utf8');
  return Math.max(1, text.split('\n').length - (text.endsWith('\n') ? 1 : 0));
}
