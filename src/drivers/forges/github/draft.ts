import { GantryError } from '../../../base/errors.ts';
import { explainRefusal, readReply } from '../explain.ts';
import type { GitHubAct, GitHubPlace } from './client.ts';
import { graphqlReply } from './replies.ts';

const mutations = {
  draft:
    'mutation($id: ID!) { convertPullRequestToDraft(input: {pullRequestId: $id}) { pullRequest { isDraft } } }',
  ready:
    'mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft } } }',
};

/* GraphQL says the end of its limit in headers only, and its limit is of the hour. */
const unsaidSeconds = 600;

const statusOf: Readonly<Record<string, number>> = { FORBIDDEN: 403, NOT_FOUND: 404 };

/** Makes a pull a draft or ready: the one thing that GitHub does by GraphQL only. `id` is the pull's node. */
export async function setDraft(
  { client, endpoints }: GitHubPlace,
  writes: GitHubAct,
  id: string,
  draft: boolean,
): Promise<void> {
  const act = { ...writes, doing: `make a pull request ${draft ? 'a draft' : 'ready for review'}` };
  const url = endpoints.api.replace(/\/api\/v3$/, '/api');
  const query = draft ? mutations.draft : mutations.ready;
  const { data } = await client.send(act, `POST ${url}/graphql`, { query, variables: { id } });
  const [error] = readReply(graphqlReply, data, endpoints.name, act).errors ?? [];
  if (!error) return;
  if (error.type === 'RATE_LIMITED') {
    const message = `${endpoints.name} takes no more changes of drafts for a while: too many were made with this credential. Try again later.`;
    throw new GantryError('FORGE_RATE_LIMITED', message, { retryAfterSeconds: unsaidSeconds });
  }
  throw explainRefusal(
    endpoints.name,
    { status: statusOf[error.type ?? ''] ?? 422, said: error.message },
    act,
  );
}
