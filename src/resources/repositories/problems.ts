import { GantryError, toGantryError, type ErrorCode } from '../../base/errors.ts';
import type { Repository } from '../../contract/repository.ts';

export interface Finding {
  readonly status: Repository['status'];
  /** What to do, in a sentence; null when all is well. */
  readonly problem: string | null;
}

const away: ReadonlySet<ErrorCode> = new Set([
  'FORGE_UNAVAILABLE',
  'FORGE_RATE_LIMITED',
  'FORGE_REPLY_INVALID',
  'OUTGOING_FAILED',
  'OUTGOING_REFUSED',
  'EGRESS_REFUSED',
]);
const closed: ReadonlySet<ErrorCode> = new Set(['FORGE_KEY_REFUSED', 'FORGE_FORBIDDEN', 'NOT_FOUND']);

/** Whether another way in might do better. */
export function isRefusal(error: unknown): boolean {
  return error instanceof GantryError && closed.has(error.code);
}

/** A failed look at a repository in the words of its page. What isn't the forge's doing is thrown on. */
export function findingOf(thrown: unknown, repository: { url: string; auth: Repository['auth'] }): Finding {
  const error = toGantryError(thrown);
  if (away.has(error.code)) return { status: 'unreachable', problem: error.message };
  if (closed.has(error.code)) return { status: 'refused', problem: refusal(error, repository) };
  throw error;
}

export const emptyFinding: Finding = {
  status: 'empty',
  problem: 'The repository has no commits yet. Push the first one, then check it again.',
};

function refusal(error: GantryError, { url, auth }: { url: string; auth: Repository['auth'] }): string {
  if (error.code === 'FORGE_FORBIDDEN') return error.message;
  const words = {
    none: `There is no repository at ${url} that everybody may read. If it is private, give it a token; if not, check the address.`,
    instance: `This server's token does not reach ${url}. Let its account in there, or give the repository a token of its own.`,
    app: `This server's GitHub App is not installed on ${url}. Install it there, or give the repository a token of its own.`,
    token: `The token of this repository is wrong, expired or revoked, or does not reach ${url}. Make a new one there and replace it here.`,
    ssh: `The ssh key of this repository is not let in at ${url}. Add its public half there as a deploy key, or replace it here.`,
  };
  return words[auth];
}
