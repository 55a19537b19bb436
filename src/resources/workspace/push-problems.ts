import { ansiText } from '../../base/ansi.ts';
import { cutEnd } from '../../base/cut.ts';
import { GantryError, type ErrorCode } from '../../base/errors.ts';
import { withoutLogin } from '../ports/git-words.ts';
import { explainGit } from './git-problems.ts';
import type { HostGitAnswer } from './host-git.ts';

type Reading = readonly [said: RegExp, code: ErrorCode, why: string];

const mayPush = 'Give it a token or key that may write the contents: `gantry repos token`';

/** What forges, hooks and git say when they take no push, as of git 2.39 to 2.50. The first that fits counts. */
const readings: readonly Reading[] = [
  [
    /\[rejected\] \((stale info|fetch first|non-fast-forward|already exists)|is at [0-9a-f]{40} but expected|reference already exists|incorrect old value/i,
    'BRANCH_MOVED',
    'it has other commits than Gantry put there: somebody pushed to it, or made it. Take what is there into account, or start again',
  ],
  [
    /GH006|protected branch|protected ref|changes must be made through a (pull|merge) request|push code to protected|branch is (protected|locked)/i,
    'BRANCH_PROTECTED',
    'it is protected. Allow the account of Gantry to push to it at the forge, or choose another branch',
  ],
  [
    /refusing to allow .* workflow|without .?workflows?.? (permission|scope)/i,
    'FORGE_FORBIDDEN',
    'the credential lacks the right to change workflows (`workflows: write`, or the scope `workflow`). Give it a token that has it: `gantry repos token`',
  ],
  [
    /archived/i,
    'FORGE_FORBIDDEN',
    'the repository is archived, and so takes no commits. Unarchive it at the forge',
  ],
  [
    /permission denied \(|authentication failed|could not read (username|password)|error: 401\b|HTTP 401|invalid credentials|invalid username or/i,
    'FORGE_KEY_REFUSED',
    `the remote takes commits only with a valid credential; one may be missing, revoked or have ended. ${mayPush}`,
  ],
  [
    /marked as read.only|read.only (deploy )?key|deploy key does not have write|key .* write access/i,
    'FORGE_FORBIDDEN',
    'the deploy key may only read. Allow it to write at the forge, or give another: `gantry repos token`',
  ],
  [
    /pre-receive|hook declined|GH0(?!06)\d\d/i,
    'PUSH_REFUSED',
    'the remote refused the commits. Mend what it names, then try again',
  ],
  [
    /error: 403\b|HTTP 403|permission to .* denied|write access .* not granted|not allowed to push|not allowed to upload|not authorized|access denied|forbidden|denied to|insufficient permission|service not enabled/i,
    'FORGE_FORBIDDEN',
    `the credential lacks the right to push (contents: write). ${mayPush}`,
  ],
  [
    /unable to create temporary object directory|unpacker error|remote unpack failed/i,
    'PUSH_REFUSED',
    'the remote could not store the commits: its disk may be full, or its folder not writable. Mend it there, then try again',
  ],
  [
    /HTTP 413|error: 413\b|exceeds|too large|maximum (file )?size/i,
    'PUSH_REFUSED',
    'the remote takes nothing that large. Take large files out of the commits',
  ],
  [
    /\[remote rejected\]|\[rejected\]|remote end hung up .*hook/i,
    'PUSH_REFUSED',
    'the remote refused the commits. Mend what it names, then try again',
  ],
];

/** Why a push failed, and what to do; with the words of the remote, shortened and inert. */
export function explainPush(answer: HostGitAnswer, remote: string, branch: string): GantryError {
  const rejected = answer.stdout.split('\n').filter((line) => line.startsWith('!'));
  const said = `${rejected.join('\n')}\n${answer.stderr}`;
  const known = readings.find(([words]) => words.test(said));
  if (!known || answer.stopped !== null) return explainGit(answer, { remote });
  const [, code, why] = known;
  const words = remoteWords(answer.stderr, rejected);
  const cause = new Error(`git push ended with ${answer.exitCode}: ${said.slice(-2000)}`);
  return new GantryError(
    code,
    `The branch ${branch} of ${withoutLogin(remote)} was not pushed: ${why}.${words === '' ? '' : ` It said: ${words}`}`,
    { cause },
  );
}

const mostWords = 500;

/** What the remote wrote for people, else what git names as the reason. */
function remoteWords(stderr: string, rejected: readonly string[]): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => /^(?:remote:|ERROR:|GitLab:)(.*)$/.exec(line)?.[1] ?? '')
    .map((line) => ansiText(line).trim())
    .filter((line) => line !== '' && !/\d+% \(|^[=\-*#]+$/.test(line));
  const reasons = rejected.map((line) => ansiText(/\((.*)\)\s*$/.exec(line)?.[1] ?? ''));
  return cutEnd((lines.length > 0 ? lines : reasons).join(' ').replace(/\s+/g, ' ').trim(), mostWords);
}
