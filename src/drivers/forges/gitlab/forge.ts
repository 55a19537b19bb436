import { GantryError } from '../../../base/errors.ts';
import type { Forge, ForgeAccess } from '../../../resources/ports/forge.ts';
import { createGitLabClient, type GitLabPlace } from './client.ts';
import { createChecks } from './checks.ts';
import { createConversation } from './conversation.ts';
import { createCredentials } from './credentials.ts';
import { endpointsOf, projectPath } from './endpoints.ts';
import { createMembers } from './members.ts';
import { createPulls } from './pulls.ts';
import { userReply } from './replies.ts';
import { createProject } from './project.ts';
import { createReviews } from './reviews.ts';

/** GitLab, on gitlab.com or one's own, by a personal, group or project token, or as anybody on public projects. */
export function openGitLabForge(access: ForgeAccess): Forge {
  const { auth } = access;
  if (auth.kind === 'app' || auth.kind === 'ssh') {
    throw new GantryError(
      'INPUT_INVALID',
      'GitLab takes a token. To use an ssh key, connect the repository as plain git.',
    );
  }
  const endpoints = endpointsOf(access.baseUrl);
  const name = projectPath(access.repository);
  const client = createGitLabClient(access, endpoints);
  let known: Promise<string> | undefined;
  const login = () => {
    const act = { doing: 'say whose token this is', needs: 'the scope "read_api" or "api"' };
    known ??= client
      .ask(act, ({ get }) => get('user', {}).then(({ body }) => body), userReply)
      .then(({ username }) => username);
    known.catch(() => (known = undefined));
    return known;
  };
  const place: GitLabPlace = { client, endpoints, name, path: `projects/${encodeURIComponent(name)}`, login };
  const credentials = createCredentials(place, auth);
  return {
    kind: 'gitlab',
    get abilities() {
      return {
        ...{ pulls: true, issues: true, statuses: true, checks: true, reviews: true },
        scopedCredentials: credentials.scoped(),
      };
    },
    ...createProject(place),
    ...createPulls(place),
    ...createConversation(place),
    ...createMembers(place),
    ...createChecks(place),
    ...createReviews(place),
    credential: credentials.credential,
    close: credentials.close,
  };
}
