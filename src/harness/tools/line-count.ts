import type { Workspace } from '../../resources/workspace/workspace.ts';

const mostBytes = 4 * 1024 ** 2;

/** How many lines a file has, so that places can be held against it; 0 for what is no file of the workspace. */
export async function lineCount(workspace: Workspace, path: string): Promise<number> {
  if (path === '' || path.split('/').includes('..')) return 0;
  const part = await workspace.read(path, { offset: 0, bytes: mostBytes }).catch(() => undefined);
  if (!part) return 0;
  // What lies beyond is taken on trust: no line of it can be counted.
  if (part.size > part.content.length) return Number.MAX_SAFE_INTEGER;
  const text = Buffer.from(part.content).toString('utf8');
  return Math.max(1, text.split('\n').length - (text.endsWith('\n') ? 1 : 0));
}
