import { GantryError } from '../../../base/errors.ts';
import type { CredentialPurpose, Forge, ForgeAuth, GitCredential } from '../../../resources/ports/forge.ts';
import { createLeases, type Issued } from '../leases.ts';
import type { GitLabPlace } from './client.ts';
import { tokenReply } from './replies.ts';

/* GitLab's names of roles. */
const reporter = 20;
const developer = 30;

const dayMs = 24 * 3600_000;

interface Credentials extends Pick<Forge, 'credential' | 'close'> {
  /** Whether the last one was for this project only: false until one was. */
  scoped(): boolean;
}

/**
 * Tokens of this one project for git, made and ended by the token that Gantry was given; that token itself where it may
 * make none (that takes the role of a maintainer and the scope `api`) or GitLab offers none.
 */
export function createCredentials(
  place: GitLabPlace,
  auth: Extract<ForgeAuth, { kind: 'none' | 'token' }>,
): Credentials {
  let mayMake: boolean | undefined;
  const leases = createLeases((purpose) => issue(place, purpose));
  return {
    scoped: () => mayMake === true,
    close: leases.close,
    credential: async (purpose) => {
      if (auth.kind === 'none') return null;
      if (mayMake === false) return standing(auth);
      try {
        const lease = await leases.lease(purpose, 'oauth2');
        mayMake = true;
        return lease;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        mayMake = false;
        return standing(auth);
      }
    },
  };
}

async function issue({ client, name }: GitLabPlace, purpose: CredentialPurpose): Promise<Issued> {
  const act = { doing: `make a token for ${name}`, needs: 'the role Maintainer and the scope "api"' };
  // GitLab counts in days, and a token ends at the beginning of its last.
  const ends = new Date(Date.now() + 2 * dayMs).toISOString().slice(0, 10);
  const writes = purpose === 'write';
  const made = await client.ask(
    act,
    ({ tokens }) =>
      tokens.create(name, `gantry ${purpose}`, [writes ? 'write_repository' : 'read_repository'], ends, {
        accessLevel: writes ? developer : reporter,
      }),
    tokenReply,
  );
  const end = async () => {
    try {
      await client.send(act, ({ tokens }) => tokens.revoke(name, made.id));
    } catch (error) {
      // It had ended already.
      if (!(error instanceof GantryError && error.code === 'NOT_FOUND')) throw error;
    }
  };
  return { token: made.token, expiresAt: new Date(`${made.expires_at}T00:00:00Z`), end };
}

/* Not a key that GitLab refuses, an outage or a rate limit: those are to be told. */
function isRefusal(error: unknown): boolean {
  return error instanceof GantryError && ['FORGE_FORBIDDEN', 'NOT_FOUND', 'CONFLICT'].includes(error.code);
}

function standing({ token, username }: Extract<ForgeAuth, { kind: 'token' }>): GitCredential {
  return { username: username ?? 'oauth2', password: token, expiresAt: null, revoke: async () => undefined };
}
