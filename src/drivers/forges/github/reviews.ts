import type { z } from 'zod';
import type { Forge, ReviewComment } from '../../../resources/ports/forge.ts';
import { assertPages, readReply } from '../explain.ts';
import { hasMarker, withMarker, withoutMarker } from '../marker.ts';
import type { GitHubAct, GitHubPlace } from './client.ts';
import { toComment } from './conversation.ts';
import { commentReply, reviewCommentReply, reviewReply, threadsReply } from './replies.ts';

const one = '/repos/{owner}/{repo}/pulls/{pull_number}';
/* What a whole review says has no thread at GitHub; its answers go below the pull. */
const wholeReview = 'review-';

type Reply = z.output<typeof reviewCommentReply>;

/** Which threads are resolved is asked by GraphQL: REST doesn't say. */
const threadsQuery = `query($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) { pullRequest(number: $number) {
    reviewThreads(first: 100, after: $after) { pageInfo { hasNextPage endCursor }
      nodes { isResolved comments(first: 1) { nodes { fullDatabaseId } } } } } } }`;

export function createReviews(
  place: GitHubPlace,
  comment: Forge['comment'],
): Pick<Forge, 'reviewComments' | 'reply'> {
  const { client, at, name } = place;
  const reads: GitHubAct = {
    doing: `read reviews of ${name}`,
    needs: 'the permission "Pull requests: read"',
    purpose: 'read',
  };
  const writes: GitHubAct = {
    doing: `answer a review of ${name}`,
    needs: 'the permission "Pull requests: write"',
    purpose: 'write',
  };
  const onLines = (pull: number): AsyncGenerator<Reply> =>
    client.list(reads, `GET ${one}/comments`, { ...at, pull_number: pull }, reviewCommentReply);

  return {
    reviewComments: async function* (pull) {
      const parameters = { ...at, pull_number: pull };
      for await (const review of client.list(reads, `GET ${one}/reviews`, parameters, reviewReply))
        if (review.body && review.submitted_at !== undefined) yield ofReview(review, review.submitted_at);
      let resolved: ReadonlySet<string> | undefined;
      for await (const each of onLines(pull)) {
        resolved ??= await resolvedThreads(place, reads, pull);
        yield await toReviewComment(place, each, resolved);
      }
    },
    reply: async (pull, { thread }, text, key) => {
      if (thread.startsWith(wholeReview)) return comment({ on: 'pull', number: pull }, text, key);
      const mine = await place.login();
      for await (const each of onLines(pull)) {
        const isThere = threadOf(each) === thread && each.user?.login === mine;
        if (isThere && hasMarker(each.body ?? null, key)) return toComment(place, each);
      }
      const parameters = { ...at, pull_number: pull, comment_id: thread, body: withMarker(text, key) };
      const route = `POST ${one}/comments/{comment_id}/replies`;
      return toComment(place, await client.ask(writes, route, parameters, commentReply));
    },
  };
}

async function resolvedThreads(
  { client, endpoints, at }: GitHubPlace,
  reads: GitHubAct,
  number: number,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const route = `POST ${endpoints.api.replace(/\/api\/v3$/, '/api')}/graphql`;
  let after: string | null = null;
  for (let page = 1; ; page += 1) {
    assertPages(page, endpoints.name, reads);
    const variables: Readonly<Record<string, unknown>> = { ...at, number, after };
    const { data } = await client.send(reads, route, { query: threadsQuery, variables });
    const { pullRequest } = readReply(threadsReply, data, endpoints.name, reads).data.repository;
    const { nodes, pageInfo } = pullRequest.reviewThreads;
    for (const { isResolved, comments } of nodes) {
      const first = comments.nodes[0]?.fullDatabaseId;
      if (isResolved && first !== undefined) found.add(first);
    }
    if (!pageInfo.hasNextPage) return found;
    after = pageInfo.endCursor;
  }
}

function threadOf({ id, in_reply_to_id }: Reply): string {
  return in_reply_to_id ?? id;
}

async function toReviewComment(
  place: GitHubPlace,
  reply: Reply,
  resolved: ReadonlySet<string>,
): Promise<ReviewComment> {
  const thread = threadOf(reply);
  return {
    ...(await toComment(place, reply)),
    thread,
    path: reply.path,
    line: reply.line ?? reply.original_line ?? null,
    isResolved: resolved.has(thread),
  };
}

function ofReview(review: z.output<typeof reviewReply>, at: string): ReviewComment {
  const id = `${wholeReview}${review.id}`;
  return {
    id,
    thread: id,
    author: review.user?.login ?? 'ghost',
    body: withoutMarker(review.body ?? null),
    createdAt: new Date(at),
    webUrl: review.html_url,
    // Gantry writes none.
    key: null,
    path: null,
    line: null,
    isResolved: review.state === 'DISMISSED',
  };
}
