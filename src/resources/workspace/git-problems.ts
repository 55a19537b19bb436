import { GantryError } from '../../base/errors.ts';
import { cannotRead, explainGitWords } from '../ports/git-words.ts';
import type { HostGitAnswer, HostGitRequest } from './host-git.ts';

/** What git's failure means, and what to do. */
export function explainGit(
  { stderr, stopped, exitCode }: HostGitAnswer,
  { remote }: Pick<HostGitRequest, 'remote'>,
): GantryError {
  const cause = new Error(`git ended with ${exitCode}: ${stderr.slice(-2000)}`);
  if (stopped === 'timeout')
    return new GantryError(
      'FORGE_UNAVAILABLE',
      cannotRead(
        remote,
        'fetching took too long and was stopped. Try again; if it stays so, the repository is too large or the line too slow',
      ),
      { cause },
    );
  if (stopped === 'output')
    return new GantryError(
      'FORGE_REPLY_INVALID',
      cannotRead(remote, 'the server said more than is believable'),
      {
        cause,
      },
    );
  return (
    explainGitWords(remote, stderr, cause) ??
    new GantryError(
      'FORGE_UNAVAILABLE',
      cannotRead(remote, 'git gave no reason that is known. Try again, and check the address if it stays so'),
      { cause },
    )
  );
}
