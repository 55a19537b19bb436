import { GantryError, type ErrorCode } from '../../base/errors.ts';

type Reading = readonly [said: RegExp, code: ErrorCode, why: string];

/** What git and ssh say in English when they fail, as of git 2.39 to 2.50 with LC_ALL=C. The first that fits counts. */
const readings: readonly Reading[] = [
  [
    /No space left on device|Disk quota exceeded/,
    'DISK_FULL',
    'the disk of this machine is full. Free some space, then try again',
  ],
  [
    /couldn't find remote ref|Could not find remote branch|not our ref|unadvertised object/i,
    'NOT_FOUND',
    'it has no such branch, tag or commit. Check the name; it may have been deleted',
  ],
  [
    /host key verification failed|no .* host key is known|REMOTE HOST IDENTIFICATION HAS CHANGED/i,
    'FORGE_KEY_REFUSED',
    "its ssh host key is not among the known ones. Check the server's fingerprint and connect the repository again with its known_hosts line",
  ],
  [
    /permission denied \(|authentication failed|could not read (username|password)|error: 401\b|HTTP 401|invalid credentials|invalid username or/i,
    'FORGE_KEY_REFUSED',
    'it lets nobody in without a valid credential; one may be revoked or have ended. Connect the repository again with a token or key that may read it, or give it another: `gantry repos token`',
  ],
  [
    /connect tunnel failed, response 403|proxy connect aborted/i,
    'OUTGOING_REFUSED',
    'the address leads to where only this machine or its network may go. An operator can open it with GANTRY_OUTGOING_ALLOW',
  ],
  [
    /error: 403\b|HTTP 403|access denied|not authorized|not allowed to|forbidden/i,
    'FORGE_FORBIDDEN',
    'the credential may not read this repository. Give it the right to read the contents',
  ],
  [/error: 429\b|HTTP 429/i, 'FORGE_RATE_LIMITED', 'the server asks to wait. Try again in some minutes'],
  [
    /dubious ownership/i,
    'FORGE_FORBIDDEN',
    "the folder belongs to another user than the server's. Make a bare clone of it that the server's user owns",
  ],
  [
    /transport '.*' not allowed|protocol '.*' is not supported|unable to find remote helper/,
    'INPUT_INVALID',
    'that is no address that Gantry fetches from. Use https, ssh or a path',
  ],
  [
    /fsck error|bad object|corrupt|pack has bad|unresolved deltas|object .*: (hasDot|gitmodules|treeNotSorted|duplicateEntries|nullSha1|fullPathname)|invalid (tree|index-pack)|pack signature mismatch/i,
    'FORGE_REPLY_INVALID',
    'it holds objects that are damaged or made to do harm, so that git refuses them. Repair it at its server (git fsck shows them)',
  ],
  [
    /repository .* not found|error: 404\b|does not appear to be a git repository|does not exist|no such file|project you were looking for could not be found/i,
    'NOT_FOUND',
    'there is no git repository at that address, or none that this credential may see. Check the address',
  ],
  [
    /not valid: is this a git repository/,
    'FORGE_REPLY_INVALID',
    'what answers there does not speak git. Check the address',
  ],
  [
    /could not resolve|name or service not known|connection (refused|reset|timed out|closed)|failed to connect|couldn't connect|timed out|error: 5\d\d\b|empty reply|no route to host|network is unreachable|early eof|hung up|recv failure/i,
    'FORGE_UNAVAILABLE',
    'the server does not answer. Try again later, and check the address if it stays so',
  ],
  [
    /certificate|ssl|tls/i,
    'FORGE_UNAVAILABLE',
    'no secure connection could be made: the certificate is not trusted here, not for this name, or out of date. Mend it at the server, or have this machine trust its authority',
  ],
];

/**
 * Why git failed at a remote, for people; undefined for words that nobody knows. What git said itself belongs into the
 * cause only: servers write into it.
 */
export function explainGitWords(
  remote: string | undefined,
  said: string,
  cause: unknown,
): GantryError | undefined {
  const known = readings.find(([words]) => words.test(said));
  return known && new GantryError(known[1], cannotRead(remote, known[2]), { cause });
}

/** `https://example.com/a.git can't be read: it is gone.` */
export function cannotRead(remote: string | undefined, why: string): string {
  return `${remote === undefined ? 'The repository' : withoutLogin(remote)} can't be read: ${why}.`;
}

/** An address for people: without a name, a password and a query, should somebody have written them into it. */
export function withoutLogin(remote: string): string {
  return remote.replace(/^([a-z+.-]+:\/\/)[^/@]*@/i, '$1').replace(/^([a-z+.-]+:\/\/[^?#]*)[?#].*$/i, '$1');
}
