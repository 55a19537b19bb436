import { GantryError, type ErrorCode } from '../../base/errors.ts';
import type { HostGitAnswer, HostGitRequest } from './host-git.ts';

type Reading = readonly [words: RegExp, code: ErrorCode, message: string];

/** Git's words, as version 2.39 to 2.50 write them with LC_ALL=C. The first that fits holds. */
const readings: readonly Reading[] = [
  [
    /No space left on device|Disk quota exceeded/,
    'DISK_FULL',
    'The disk is full while fetching. Free some space, then try again.',
  ],
  [
    /couldn't find remote ref|Could not find remote branch|not our ref|unadvertised object/i,
    'NOT_FOUND',
    'There is no such branch, tag or commit. Check its name; it may have been deleted.',
  ],
  [
    /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/,
    'FORGE_FORBIDDEN',
    'The host key is not the one that is trusted. Find out why it changed, then connect the repository again.',
  ],
  [
    /Authentication failed|could not read (Username|Password)|Permission denied \(|HTTP 401|error: 401|Invalid username or/i,
    'FORGE_KEY_REFUSED',
    'The credential was not accepted; it may be revoked or have ended. Give the repository a new one.',
  ],
  [
    /error: 403|HTTP 403|access denied|not allowed to|CONNECT tunnel failed, response 403/i,
    'FORGE_FORBIDDEN',
    'The server does not allow this. See that the credential may read the repository, and that its address may be reached.',
  ],
  [/error: 429|HTTP 429/, 'FORGE_RATE_LIMITED', 'The server asks to wait. Try again in some minutes.'],
  [
    /repository .* not found|does not appear to be a git repository|error: 404|not valid: is this a git repository|Repository not found|does not exist/i,
    'NOT_FOUND',
    'There is no repository at this address, or the credential may not see it. Check both.',
  ],
  [
    /dubious ownership/,
    'FORGE_FORBIDDEN',
    "The folder belongs to another user than the server's. Make a bare clone of it that the server's user owns.",
  ],
  [
    /certificate|SSL|TLS|gnutls/i,
    'FORGE_UNAVAILABLE',
    'No secure connection could be made: the certificate is not trusted, not for this name, or out of date. Mend it at the server, or have this machine trust its authority.',
  ],
  [
    /fsck error|bad object|corrupt|pack has bad|unresolved deltas|object .*: (hasDot|gitmodules|treeNotSorted|duplicateEntries|nullSha1|fullPathname)|invalid (tree|index-pack)|pack signature mismatch/i,
    'FORGE_REPLY_INVALID',
    'The repository holds objects that are damaged or made to do harm, so that git refuses them. Repair it at its server (git fsck shows them).',
  ],
  [
    /transport '.*' not allowed|protocol '.*' is not supported|unable to find remote helper/,
    'INPUT_INVALID',
    'That is no address that Gantry fetches from. Use https, ssh or a path.',
  ],
  [
    /Could not resolve (host|hostname|proxy)|Name or service not known/i,
    'FORGE_UNAVAILABLE',
    "The server's name leads nowhere. Check the address.",
  ],
];

/** What git's failure means, and what to do. */
export function explainGit(
  { stderr, stopped, exitCode }: HostGitAnswer,
  { remote }: Pick<HostGitRequest, 'remote'>,
): GantryError {
  const cause = new Error(`git ended with ${exitCode}: ${stderr.slice(-2000)}`);
  const at = remote === undefined ? '' : ` (${placeOf(remote)})`;
  if (stopped === 'timeout')
    return new GantryError(
      'FORGE_UNAVAILABLE',
      `Fetching took too long and was stopped${at}. Try again; if it stays so, the repository is too large or the line too slow.`,
      { cause },
    );
  if (stopped === 'output')
    return new GantryError('FORGE_REPLY_INVALID', `The server said more than is believable${at}.`, { cause });
  const known = readings.find(([words]) => words.test(stderr));
  if (known) return new GantryError(known[1], withPlace(known[2], at), { cause });
  return new GantryError('FORGE_UNAVAILABLE', `git could not fetch${at}: ${lastWords(stderr)}`, { cause });
}

function withPlace(message: string, at: string): string {
  return at === '' ? message : message.replace(/[.:;,]/, (mark) => `${at}${mark}`);
}

/** Without user, password and query, which may be secret. */
function placeOf(remote: string): string {
  const url = URL.parse(remote);
  return url?.host ? `${url.protocol}//${url.host}${url.pathname}` : remote.replace(/^[^@/]*@/, '');
}

function lastWords(stderr: string): string {
  const lines = stderr.split(/[\r\n]+/).filter((line) => /^(fatal|error):/.test(line));
  const words = (lines.at(-1) ?? stderr.trim().split('\n').at(-1) ?? '').replace(/^(fatal|error):\s*/, '');
  return words === '' ? 'it gave no reason. Try again.' : `${words.slice(0, 300)}.`;
}
