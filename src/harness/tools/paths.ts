import { z } from 'zod';

/** A path of the workspace as models write it: relative to the root of the repository. */
export const pathSchema = z
  .string()
  .min(1)
  .max(4000)
  .describe('Relative to the root of the repository, such as src/app.ts.');

/** Without what says nothing: `./src//a.ts` and `/src/a.ts` mean `src/a.ts`; the root is the empty text. */
export function plainPath(path: string): string {
  return path
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .join('/');
}

/** What is wrong with a path, for the model; undefined for one that stays inside. */
export function pathProblem(path: string): string | undefined {
  if (path.split('/').includes('..'))
    return `"${path}" leads out of the repository; name paths below its root.`;
  if (/[\0-\x1f\x7f]/.test(path)) return 'A path holds no control characters.';
  if (plainPath(path).split('/')[0] === '.git') return 'The .git directory is not part of the workspace.';
  return undefined;
}
