import { z } from 'zod';
import { inert, inertLines } from '../../../base/inert.ts';
import { lineCount } from '../../../harness/tools/line-count.ts';
import { plainPath } from '../../../harness/tools/paths.ts';
import { handOver } from '../hand-over.ts';

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

/** How the reviewer hands over what it found. Places that do not exist are sent back once, then left out. */
export const reviewOutput = handOver({
  name: 'review',
  description: 'Hand over your review, when you have it; this ends your work.',
  schema: z.strictObject({
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
  mend: async ({ summary, verdict, findings }, { workspace, failures }) => {
    const lines = new Map<string, number>();
    for (const { path } of findings)
      if (!lines.has(path)) lines.set(path, await lineCount(workspace, plainPath(path)));
    const exists = ({ path, line }: Place): boolean => line <= (lines.get(path) ?? 0);
    const wrong = complaints(verdict, findings, exists);
    if (wrong.length > 0 && failures === 0) return { problem: wrong.join(' ') };
    const value: Review = {
      summary: inertLines(summary),
      findings: findings.map((each) => ({
        path: (lines.get(each.path) ?? 0) > 0 ? inert(plainPath(each.path)) : null,
        line: exists(each) ? each.line : null,
        severity: each.severity,
        message: inertLines(each.message),
      })),
    };
    return { value };
  },
});

interface Place {
  readonly path: string;
  readonly line: number;
}

function complaints(
  verdict: 'passed' | 'failed',
  findings: readonly z.infer<typeof reviewFinding>[],
  exists: (place: Place) => boolean,
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
