import { GantryError, type ErrorCode } from '../../../base/errors.ts';
import type { GitAnswer } from '../../../resources/ports/forge.ts';

/** What git and ssh say in English when they fail; the first that fits counts. */
const reasons: readonly (readonly [said: RegExp, code: ErrorCode, why: string])[] = [
  [
    /host key verification failed|no .* host key is known|REMOTE HOST IDENTIFICATION HAS CHANGED/i,
    'FORGE_KEY_REFUSED',
    "its ssh host key is not among the known ones. Check the server's fingerprint and connect the repository again with its known_hosts line",
  ],
  [
    /permission denied \(|authentication failed|could not read (username|password)|error: 401\b|invalid credentials/i,
    'FORGE_KEY_REFUSED',
    'it lets nobody in without a valid credential. Connect the repository again with a token or key that may read it',
  ],
  [
    /connect tunnel failed, response 403|proxy connect aborted/i,
    'OUTGOING_REFUSED',
    'the address leads to where only this machine or its network may go. An operator can open it with GANTRY_OUTGOING_ALLOW',
  ],
  [
    /error: 403\b|access denied|not authorized|forbidden/i,
    'FORGE_FORBIDDEN',
    'the credential may not read this repository. Give it the right to read the contents',
  ],
  [
    /dubious ownership/i,
    'FORGE_FORBIDDEN',
    "the folder belongs to another user than the server's. Make a bare clone of it that the server's user owns",
  ],
  [
    /repository .* not found|error: 404\b|does not appear to be a git repository|does not exist|no such file|project you were looking for could not be found/i,
    'NOT_FOUND',
    'there is no git repository at that address, or none that this credential may see. Check the address',
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
  [/error: 429\b/i, 'FORGE_RATE_LIMITED', 'the server asks to wait. Try again in some minutes'],
];

/** Why git failed, for people. What git said itself is in the cause only: servers write into it. */
export function explainGit(remote: string, { exitCode, stderr }: GitAnswer): GantryError {
  const cause = new Error(`git ended with ${exitCode ?? 'a signal'}: ${stderr.slice(0, 2000)}`);
  const said = exitCode === null ? 'timed out' : stderr;
  const [, code, why] = reasons.find(([pattern]) => pattern.test(said)) ?? [
    '',
    'FORGE_REPLY_INVALID' as const,
    'what answers there does not speak git. Check the address',
  ];
  return new GantryError(code, `${withoutLogin(remote)} can't be read: ${why}.`, { cause });
}

/** An address for people: without a name and password, should somebody have written them into it. */
export function withoutLogin(remote: string): string {
  return remote.replace(/^([a-z+.-]+:\/\/)[^/@]*@/i, '$1');
}
