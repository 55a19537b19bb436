import type { Octokit } from 'octokit';
import type { z } from 'zod';
import { GantryError } from '../../../base/errors.ts';
import type { CredentialPurpose, GitCredential } from '../../../resources/ports/forge.ts';
import { explainRefusal, readReply, type Act } from '../explain.ts';
import { createLeases, type Issued } from '../leases.ts';
import { readRefusal, type TokenSource } from './client.ts';
import type { GitHubEndpoints } from './endpoints.ts';
import { installationReply, tokenReply } from './replies.ts';

/** What a token may do, by GitHub's names. A page of the documentation says why each is needed. */
export const permissionsFor = {
  read: { contents: 'read', metadata: 'read', pull_requests: 'read', issues: 'read' },
  write: {
    contents: 'write',
    metadata: 'read',
    pull_requests: 'write',
    issues: 'write',
    statuses: 'write',
  },
} as const satisfies Record<CredentialPurpose, Record<string, 'read' | 'write'>>;

/** What a token may do besides where the App has it: an App that was made before these were asked for works on. */
export const morePermissions = { checks: 'read', actions: 'read', statuses: 'read' } as const;

export interface AppTokens extends TokenSource {
  credential(purpose: CredentialPurpose): Promise<GitCredential>;
  close(): Promise<void>;
  /** Whether the App may push to the repository, by the installation's permissions. */
  mayPush(): Promise<boolean>;
  /** The account that the App writes as. */
  login(): Promise<string>;
}

/** Tokens of a GitHub App's installation, each for this one repository and one purpose, kept in memory while they last. */
export function createAppTokens(
  app: { readonly appId: string; readonly privateKey: string },
  octokit: () => Promise<Octokit>,
  { name }: Pick<GitHubEndpoints, 'name'>,
  at: { readonly owner: string; readonly repo: string },
): AppTokens {
  let installation: Promise<z.output<typeof installationReply>> | undefined;
  const asApp = appCaller(app, octokit, name);

  function installed() {
    const act = {
      doing: `find the App's installation on ${at.owner}/${at.repo}`,
      needs: 'the App to be installed on this repository',
    };
    installation ??= asApp(act, 'GET /repos/{owner}/{repo}/installation', at, installationReply);
    installation.catch(() => (installation = undefined));
    return installation;
  }
  async function issue(purpose: CredentialPurpose): Promise<Issued> {
    const found = await installed();
    const needed = permissionsFor[purpose];
    assertGranted(found, needed, { name, at });
    const more = Object.entries(morePermissions).filter(([what]) => what in found.permissions);
    const wanted = { ...Object.fromEntries(more), ...needed };
    const act = { doing: `get a token for ${at.owner}/${at.repo}`, needs: 'its permissions to be granted' };
    const parameters = { installation_id: found.id, repositories: [at.repo], permissions: wanted };
    const route = 'POST /app/installations/{installation_id}/access_tokens';
    const { token, expires_at } = await asApp(act, route, parameters, tokenReply);
    const end = async () => endToken(await octokit(), token, name);
    return { token, expiresAt: new Date(expires_at), end };
  }
  const leases = createLeases(issue);
  return {
    token: leases.token,
    close: leases.close,
    refused: async (token) => {
      await leases.forget(token);
      return true;
    },
    mayPush: async () => (await installed()).permissions['contents'] === 'write',
    login: async () => `${(await installed()).app_slug}[bot]`,
    credential: (purpose) => leases.lease(purpose, 'x-access-token'),
  };
}

/** Sends as the App itself: a signed JWT in place of a token. */
function appCaller(
  app: { readonly appId: string; readonly privateKey: string },
  octokit: () => Promise<Octokit>,
  name: string,
) {
  return async <S extends z.ZodType>(
    act: Act,
    route: string,
    parameters: Readonly<Record<string, unknown>>,
    schema: S,
  ): Promise<z.output<S>> => {
    const plain = await octokit();
    const authorization = `bearer ${await signAsApp(app, plain)}`;
    try {
      const { data } = await plain.request(route, { ...parameters, headers: { authorization } });
      return readReply(schema, data, name, act);
    } catch (thrown) {
      throw explainRefusal(name, readRefusal(thrown, name), act);
    }
  };
}

async function signAsApp(
  { appId, privateKey }: { readonly appId: string; readonly privateKey: string },
  octokit: Octokit,
): Promise<string> {
  const { createAppAuth } = await import('@octokit/auth-app');
  try {
    const auth = createAppAuth({ appId, privateKey, request: octokit.request });
    return (await auth({ type: 'app' })).token;
  } catch {
    // The library's error may quote the key.
    throw new GantryError(
      'FORGE_KEY_REFUSED',
      "The GitHub App's private key can't be read. It must be the whole PEM file that GitHub gave out, from -----BEGIN to -----END.",
    );
  }
}

function assertGranted(
  { permissions, suspended_at }: z.output<typeof installationReply>,
  wanted: Readonly<Record<string, 'read' | 'write'>>,
  { name, at }: { readonly name: string; readonly at: { readonly owner: string; readonly repo: string } },
): void {
  const where = `the App's installation on ${at.owner}/${at.repo} at ${name}`;
  if (suspended_at)
    throw new GantryError('FORGE_FORBIDDEN', `Somebody suspended ${where}. An owner there can lift that.`);
  const levels = ['read', 'write', 'admin'];
  const lacking = Object.entries(wanted).filter(
    ([what, level]) => levels.indexOf(permissions[what] ?? '') < levels.indexOf(level),
  );
  if (lacking.length === 0) return;
  const list = lacking.map(([what, level]) => `${what}: ${level}`).join(', ');
  throw new GantryError(
    'FORGE_FORBIDDEN',
    `The permissions of ${where} lack ${list}. Add them in the App's settings, and have an owner accept the change.`,
  );
}

async function endToken(octokit: Octokit, token: string, name: string): Promise<void> {
  try {
    await octokit.request('DELETE /installation/token', { headers: { authorization: `token ${token}` } });
  } catch (thrown) {
    const refusal = readRefusal(thrown, name);
    // It had ended already.
    if (refusal.status === 401) return;
    throw explainRefusal(name, refusal, { doing: 'end a token', needs: 'nothing more' });
  }
}
