import { z } from 'zod';
import { GantryError } from '../../base/errors.ts';
import type { Workspace } from '../../resources/workspace/workspace.ts';
import { defineTool } from './define-tool.ts';
import { pathProblem, pathSchema, plainPath } from './paths.ts';

const mostBytes = 2 * 1024 ** 2;
const usualLines = 400;
const mostLines = 2000;
const longestLine = 2000;
const mostText = 28_000;
const images = /\.(png|jpe?g|gif|webp|bmp|ico|tiff?|avif)$/i;

/** Shows a file with numbered lines, from any line on. */
export const readTool = defineTool({
  name: 'read',
  description: `Read a text file, with line numbers. Without lines it begins at the first and shows ${usualLines}.`,
  effect: 'read',
  input: z.strictObject({
    path: pathSchema,
    from: z.int().min(1).optional().describe('First line, counted from 1.'),
    lines: z.int().min(1).max(mostLines).optional().describe('How many lines.'),
  }),
  title: ({ path, from, lines }) =>
    `read ${path}${from === undefined ? '' : `:${from}${lines === undefined ? '' : `-${from + lines - 1}`}`}`,
  touches: ({ path }) => [plainPath(path)],
  run: async ({ workspace }, { path, from = 1, lines = usualLines }) => {
    const wrong = pathProblem(path);
    if (wrong !== undefined) return { text: wrong, failed: true };
    if (images.test(path))
      return {
        text: `${path} is a picture; pictures can't be shown to you. Ask the user about it if it matters.`,
        failed: true,
      };
    const file = await readText(workspace, plainPath(path));
    if ('problem' in file) return { text: file.problem, failed: true };
    return { text: numbered(file, from, lines) };
  },
});

interface TextFile {
  readonly text: string;
  readonly size: number;
  readonly isWhole: boolean;
}

/** A text file of the workspace, up to two megabytes of it; or what is wrong, for the model. */
export async function readText(
  workspace: Workspace,
  path: string,
): Promise<TextFile | { readonly problem: string }> {
  const part = await workspace.read(path, { offset: 0, bytes: mostBytes }).catch((error: unknown) => {
    if (error instanceof GantryError && error.code === 'INPUT_INVALID') return error.message;
    throw error;
  });
  if (typeof part === 'string') return { problem: part };
  if (!part) return { problem: `There is no file ${path}. List the directory, or search for its name.` };
  const bytes = Buffer.from(part.content);
  if (bytes.subarray(0, 8192).includes(0))
    return { problem: `${path} is no text (${part.size} bytes of binary data).` };
  return { text: bytes.toString('utf8'), size: part.size, isWhole: part.size <= bytes.length };
}

function numbered({ text, size, isWhole }: TextFile, from: number, count: number): string {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) return 'The file is empty.';
  if (from > lines.length) return `The file has ${lines.length} lines; line ${from} is beyond its end.`;
  const shown: string[] = [];
  let room = mostText;
  for (const [index, line] of lines.slice(from - 1, from - 1 + count).entries()) {
    const cut =
      line.length > longestLine ? `${line.slice(0, longestLine)}… (${line.length} characters)` : line;
    const entry = `${from + index}\t${cut.replace(/\r$/, '')}`;
    room -= entry.length + 1;
    if (room < 0) break;
    shown.push(entry);
  }
  const last = from + shown.length - 1;
  const rest = last < lines.length || !isWhole;
  const note = !rest
    ? ''
    : isWhole
      ? `\n[${lines.length} lines in all; read on from line ${last + 1}]`
      : `\n[the file has ${size} bytes, of which the first ${mostBytes} can be read; search finds the rest]`;
  return `${shown.join('\n')}${note}`;
}
