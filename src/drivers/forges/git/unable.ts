import { GantryError } from '../../../base/errors.ts';

/** What a forge leaves out, and what happens in its place. */
export function unable(what: string): GantryError {
  return new GantryError(
    'FORGE_UNABLE',
    `Plain git has no ${what}. Results of runs on this repository are branches, with a page that shows the changes; connect it as GitHub or GitLab for more.`,
  );
}
