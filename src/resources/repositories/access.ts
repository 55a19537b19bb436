import type { Repository } from '../../contract/repository.ts';
import type { Forge, ForgeAccess, ForgeAuth, ForgeKind } from '../ports/forge.ts';
import type { SecretScope } from '../secrets/secret-scope.ts';
import type { Secrets } from '../secrets/secrets.ts';

/** The operator's own way into a forge: it is shown to this forge only, whatever address a user names. */
export interface InstanceAccess {
  readonly app?: { readonly appId: string; readonly privateKey: string } | undefined;
  readonly token?: string | undefined;
}

/** Opens one repository at its forge. `trusted` addresses are the operator's, and may be inside. */
export type OpenForge = (
  kind: ForgeKind,
  access: Pick<ForgeAccess, 'repository' | 'auth'> & { readonly baseUrl?: string },
  trusted: boolean,
) => Promise<Forge>;

/** A repository as it is reached, with the credentials of its own. */
export interface Reachable {
  readonly forge: ForgeKind;
  readonly baseUrl: string | null;
  readonly remote: string;
  readonly token?: string | undefined;
  readonly ssh?: { readonly privateKey: string; readonly knownHosts: string } | undefined;
}

export interface Candidate {
  readonly auth: Repository['auth'];
  readonly value: ForgeAuth;
}

/** Gantry's own secret scope for a repository's credentials: in no list, in no run's reach. */
export function credentialScope(name: string): SecretScope {
  return { scope: 'system', owner: `repository ${name}` };
}

export async function readCredentials(
  secrets: Secrets,
  name: string,
): Promise<Pick<Reachable, 'token' | 'ssh'>> {
  const scope = credentialScope(name);
  const use = `repository ${name}`;
  const [token, privateKey, knownHosts] = await Promise.all(
    ['token', 'ssh-key', 'known-hosts'].map((secret) => secrets.openSecret(scope, secret, use)),
  );
  return {
    ...(token !== undefined && { token }),
    ...(privateKey !== undefined && { ssh: { privateKey, knownHosts: knownHosts ?? '' } }),
  };
}

/** The ways in, the best first: its own token, the instance's App, the instance's token, none. */
export function candidatesFor(at: Reachable, instance: InstanceAccess | undefined): Candidate[] {
  if (at.ssh) return [{ auth: 'ssh', value: { kind: 'ssh', ...at.ssh } }];
  if (at.token !== undefined) return [{ auth: 'token', value: { kind: 'token', token: at.token } }];
  const found: Candidate[] = [];
  if (instance?.app) found.push({ auth: 'app', value: { kind: 'app', ...instance.app } });
  if (instance?.token !== undefined)
    found.push({ auth: 'instance', value: { kind: 'token', token: instance.token } });
  return [...found, { auth: 'none', value: { kind: 'none' } }];
}
