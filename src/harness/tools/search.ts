import { dirname } from 'node:path';
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { pathProblem, plainPath } from './paths.ts';
import { exitLine, runProgram } from './program.ts';
import type { Tool } from '../agent.ts';

const wallMs = 30_000;
const mostText = 26_000;
const longestLine = 400;
const mount = '/gantry/ripgrep';

const input = z.strictObject({
  pattern: z.string().min(1).max(2000).describe('A regular expression of ripgrep, or a text with `literal`.'),
  path: z
    .string()
    .max(4000)
    .optional()
    .describe('A directory or file below the root; the whole repository without it.'),
  glob: z.string().max(500).optional().describe('Only files like this, such as *.ts or !*.test.ts.'),
  literal: z.boolean().optional(),
  ignoreCase: z.boolean().optional(),
  context: z.int().min(0).max(10).optional().describe('Lines before and after each match.'),
  filesOnly: z.boolean().optional().describe('Only the names of the files that match.'),
});

/** Looks for a pattern in all files, with the ripgrep at `rgPath`; what the repository ignores is left out. */
export function searchTool(rgPath: string): Tool {
  return defineTool({
    name: 'search',
    description:
      'Search the files of the repository for a regular expression. Answers path:line:text. What .gitignore names is left out.',
    effect: 'read',
    input,
    title: ({ pattern, path, glob }) =>
      `search ${pattern.slice(0, 100)}${path === undefined ? '' : ` in ${path}`}${glob === undefined ? '' : ` (${glob})`}`,
    run: async (call, request) => {
      const { path = '' } = request;
      const wrong = pathProblem(path);
      if (wrong !== undefined) return { text: wrong, failed: true };
      const result = await runProgram(call, {
        argv: [`${mount}/rg`, ...argumentsOf(request), '--', `./${plainPath(path)}`],
        wallMs,
        readOnly: true,
        mounts: [{ source: dirname(rgPath), target: mount }],
        most: mostText,
      });
      const { exit, text, stderr } = result;
      if (exit.kind === 'exited' && exit.code === 0)
        return { text: text.replaceAll(/^\.\//gm, '') + (stderr === '' ? '' : `\n[${stderr.trim()}]`) };
      if (exit.kind === 'exited' && exit.code === 1) return { text: 'Nothing matches.' };
      const found = text === '' ? '' : `${text.replaceAll(/^\.\//gm, '')}\n`;
      return { text: `${found}The search failed: ${stderr.trim() || exitLine(result)}`, failed: true };
    },
  });
}

function argumentsOf(request: z.infer<typeof input>): string[] {
  const { pattern, glob, literal, ignoreCase, context, filesOnly } = request;
  return [
    ...['--no-config', '--no-messages', '--hidden', '--glob', '!.git', '--sort', 'path', '--color', 'never'],
    ...['--max-columns', String(longestLine), '--max-columns-preview', '--max-filesize', '20M'],
    ...(filesOnly
      ? ['--files-with-matches']
      : ['--line-number', '--no-heading', '--with-filename', '--max-count', '200']),
    ...(literal ? ['--fixed-strings'] : []),
    ...(ignoreCase ? ['--ignore-case'] : []),
    ...(context === undefined ? [] : ['--context', String(context)]),
    ...(glob === undefined ? [] : ['--glob', glob]),
    ...['--regexp', pattern],
  ];
}

/** Lists files and directories below a path. */
export function listTool(rgPath: string): Tool {
  return defineTool({
    name: 'list',
    description:
      'List the files below a directory, as paths. With a glob such as **/*.go only those that match. What .gitignore names is left out.',
    effect: 'read',
    input: z.strictObject({
      path: z.string().max(4000).optional().describe('A directory below the root; the root without it.'),
      glob: z.string().max(500).optional(),
      depth: z.int().min(1).max(50).optional().describe('How many levels of directories deep.'),
    }),
    title: ({ path, glob }) => `list ${path ?? '.'}${glob === undefined ? '' : ` (${glob})`}`,
    touches: ({ path }) => (path === undefined ? [] : [plainPath(path)]),
    run: async (call, { path = '', glob, depth }) => {
      const wrong = pathProblem(path);
      if (wrong !== undefined) return { text: wrong, failed: true };
      const options = [
        ...['--no-config', '--files', '--hidden', '--glob', '!.git', '--sort', 'path'],
        ...(glob === undefined ? [] : ['--glob', glob]),
        ...(depth === undefined ? [] : ['--max-depth', String(depth)]),
      ];
      const result = await runProgram(call, {
        argv: [`${mount}/rg`, ...options, '--', `./${plainPath(path)}`],
        wallMs,
        readOnly: true,
        mounts: [{ source: dirname(rgPath), target: mount }],
        most: mostText,
      });
      const { exit, text, stderr } = result;
      if (exit.kind === 'exited' && exit.code === 0) return { text: text.replaceAll(/^\.\//gm, '') };
      if (exit.kind === 'exited' && exit.code === 1) return { text: 'No files.' };
      return { text: `The list failed: ${stderr.trim() || exitLine(result)}`, failed: true };
    },
  });
}
