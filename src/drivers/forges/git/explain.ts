import { GantryError } from '../../../base/errors.ts';
import type { GitAnswer } from '../../../resources/ports/forge.ts';
import { cannotRead, explainGitWords } from '../../../resources/ports/git-words.ts';

/** Why git failed, for people. */
export function explainGit(remote: string, { exitCode, stderr }: GitAnswer): GantryError {
  const cause = new Error(`git ended with ${exitCode ?? 'a signal'}: ${stderr.slice(0, 2000)}`);
  return (
    explainGitWords(remote, exitCode === null ? 'timed out' : stderr, cause) ??
    new GantryError(
      'FORGE_REPLY_INVALID',
      cannotRead(remote, 'what answers there does not speak git. Check the address'),
      { cause },
    )
  );
}
