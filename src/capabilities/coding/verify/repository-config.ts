import { z } from 'zod';
import { GantryError, type Problem } from '../../../base/errors.ts';
import { parseDuration } from '../../../base/duration.ts';
import { inert } from '../../../base/inert.ts';
import type { Workspace } from '../../../resources/workspace/workspace.ts';
import { parseYaml, type YamlPlace } from './parse-yaml.ts';

/** What `.gantry.yaml` of the base branch sets for sessions. JSON, recorded. */
export interface RepositoryConfig {
  /** A command, or false for none; what is not named is detected. */
  readonly checks: Readonly<Partial<Record<'lint' | 'types' | 'tests' | 'security', string | false>>>;
  /** Milliseconds for each check. */
  readonly checkTimeoutMs?: number;
  readonly review?: boolean;
  readonly pull?: 'draft' | 'ready';
}

const names = ['.gantry.yaml', '.gantry.yml'] as const;
const longestFile = 64 * 1024;
const mostNamed = 5;
const [leastTimeout, mostTimeout] = [1000, 3_600_000];

const command = z
  .union([z.string().trim().min(1).max(4000), z.literal(false)], {
    error: 'must be a command, or false for none',
  })
  .optional();

const timeout = z
  .string({ error: 'must be a time such as 90s or 10m' })
  .transform((text, context) => {
    try {
      return parseDuration(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a time such as 90s or 10m' });
      return z.NEVER;
    }
  })
  .refine((ms) => ms >= leastTimeout && ms <= mostTimeout, 'must lie between 1s and 1h');

const fileSchema = z.strictObject(
  {
    checks: z
      .strictObject(
        { lint: command, types: command, tests: command, security: command, timeout: timeout.optional() },
        { error: named('must name lint, types, tests, security or timeout') },
      )
      .optional(),
    review: z.boolean({ error: 'must be true or false' }).optional(),
    pull: z.enum(['draft', 'ready'], { error: 'must be draft or ready' }).optional(),
  },
  { error: named('must name checks, review or pull') },
);

/**
 * What the repository sets, from the workspace of its base commit: a change can't turn off what proves it. Without the
 * file, nothing is set. INPUT_INVALID names the file, and line and field of each mistake.
 */
export async function readRepositoryConfig(workspace: Pick<Workspace, 'read'>): Promise<RepositoryConfig> {
  const found = [];
  for (const name of names) {
    const text = await textOf(workspace, name);
    if (text !== undefined) found.push({ name, text });
  }
  const [file, other] = found;
  if (!file) return { checks: {} };
  if (other)
    throw invalid(file.name, [{ path: '', message: `stands beside ${other.name}; keep one of them` }]);
  return parseRepositoryConfig(file.name, file.text);
}

/** The same from the text of the file. */
export function parseRepositoryConfig(name: string, text: string): RepositoryConfig {
  const { problems, data, lineOf } = parseYaml(text);
  if (problems.length > 0)
    throw invalid(
      name,
      problems.map(({ line, message }) => ({ path: `line ${line}`, message })),
    );
  const parsed = fileSchema.safeParse(data ?? {});
  if (!parsed.success)
    throw invalid(
      name,
      parsed.error.issues.flatMap((issue) => problemsOf(issue, lineOf)),
      parsed.error,
    );
  const { checks: { timeout: checkTimeoutMs, ...checks } = {}, review, pull } = parsed.data;
  return {
    checks: Object.fromEntries(Object.entries(checks).filter(([, value]) => value !== undefined)),
    ...(checkTimeoutMs !== undefined && { checkTimeoutMs }),
    ...(review !== undefined && { review }),
    ...(pull !== undefined && { pull }),
  };
}

async function textOf(workspace: Pick<Workspace, 'read'>, name: string): Promise<string | undefined> {
  const part = await workspace.read(name, { offset: 0, bytes: longestFile }).catch((cause: unknown) => {
    throw invalid(name, [{ path: '', message: 'is no plain file' }], cause);
  });
  if (!part) return undefined;
  if (part.size > longestFile) throw invalid(name, [{ path: '', message: 'is larger than 64 KiB' }]);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(part.content);
  } catch (cause) {
    throw invalid(name, [{ path: '', message: 'is not UTF-8' }], cause);
  }
}

function problemsOf(issue: z.core.$ZodIssue, lineOf: YamlPlace): Problem[] {
  const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
  return keys.map((key) => {
    const path = key === undefined ? issue.path : [...issue.path, key];
    const line = lineOf(path);
    const field = inert(path.map(String).join('.').slice(0, 100));
    const place = [line === undefined ? '' : `line ${line}`, field].filter(Boolean).join(', ');
    return { path: place, message: issue.message };
  });
}

/** Says of an unknown field that it is one, and of what is no map what it should be. */
function named(words: string): (issue: { readonly code?: string }) => string {
  return ({ code }) => (code === 'unrecognized_keys' ? `is no field of this; it ${words}` : words);
}

function invalid(name: string, problems: readonly Problem[], cause?: unknown): GantryError {
  const told = problems
    .slice(0, mostNamed)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const more = problems.length > mostNamed ? `; and ${problems.length - mostNamed} more` : '';
  return new GantryError(
    'INPUT_INVALID',
    `${name} of the base branch has mistakes: ${told.join('; ')}${more}. Mend it there, then start again. See docs/sessions.md.`,
    {
      problems: problems
        .map(({ path, message }) => ({ path: [name, path].filter(Boolean).join(', '), message }))
        .slice(0, 50),
      cause,
    },
  );
}
