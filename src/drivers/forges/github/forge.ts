import type { Octokit } from 'octokit';
import { GantryError } from '../../../base/errors.ts';
import type { Forge, ForgeAccess, GitCredential } from '../../../resources/ports/forge.ts';
import { createAppTokens, type AppTokens } from './app-tokens.ts';
import {
  createGitHubClient,
  openOctokit,
  type GitHubClient,
  type GitHubPlace,
  type TokenSource,
} from './client.ts';
import { createChecks } from './checks.ts';
import { createConversation } from './conversation.ts';
import { endpointsOf, splitName } from './endpoints.ts';
import { createMembers } from './members.ts';
import { createPulls } from './pulls.ts';
import { userReply } from './replies.ts';
import { createRepository } from './repository.ts';
import { createReviews } from './reviews.ts';

/** GitHub and GitHub Enterprise, by an App's installation, a personal token, or as anybody on public repositories. */
export function openGitHubForge(access: ForgeAccess): Forge {
  const endpoints = endpointsOf(access.baseUrl);
  const at = splitName(access.repository);
  let opened: Promise<Octokit> | undefined;
  const octokit = () => (opened ??= openOctokit(access, endpoints));
  const app = access.auth.kind === 'app' ? createAppTokens(access.auth, octokit, endpoints, at) : undefined;
  const client = createGitHubClient(access, octokit, endpoints, app ?? fixedToken(access));
  const name = `${at.owner}/${at.repo}`;
  const login = app?.login ?? once(() => ownLogin(client));
  const place: GitHubPlace = { client, endpoints, at, name, login };
  const conversation = createConversation(place);
  return {
    kind: 'github',
    abilities: {
      ...{ pulls: true, issues: true, statuses: true, checks: true, reviews: true },
      scopedCredentials: app !== undefined,
    },
    ...createRepository(place, app),
    ...createPulls(place),
    ...conversation,
    ...createMembers(place),
    ...createChecks(place),
    ...createReviews(place, conversation.comment),
    close: async () => app?.close(),
    credential: (purpose) => app?.credential(purpose) ?? Promise.resolve(standing(access)),
  };
}

function fixedToken({ auth }: ForgeAccess): TokenSource {
  if (auth.kind === 'ssh')
    throw new GantryError(
      'INPUT_INVALID',
      'GitHub takes a token or an App. To use an ssh key, connect the repository as plain git.',
    );
  const token = auth.kind === 'token' ? auth.token : null;
  return { token: async () => token, refused: async () => false };
}

function standing({ auth }: ForgeAccess): GitCredential | null {
  if (auth.kind !== 'token') return null;
  const revoke = async () => undefined;
  return { username: auth.username ?? 'x-access-token', password: auth.token, expiresAt: null, revoke };
}

async function ownLogin(client: GitHubClient): Promise<string> {
  const act = { doing: 'say whose token this is', needs: 'a valid token', purpose: 'read' } as const;
  return (await client.ask(act, 'GET /user', {}, userReply)).login;
}

/** Asks again only after a failure. */
function once(ask: () => Promise<string>): AppTokens['login'] {
  let answer: Promise<string> | undefined;
  return () => {
    answer ??= ask();
    answer.catch(() => (answer = undefined));
    return answer;
  };
}
