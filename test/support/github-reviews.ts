import { pageOf } from './forge-rest.ts';
import { at, missing, pullOf, repo, type Call, type GitHubOperation } from './github-operations.ts';
import {
  nextId,
  type StoredCheckRun,
  type StoredIssue,
  type StoredRepository,
  type StoredReview,
  type StoredReviewComment,
} from './github-state.ts';

const when = '2026-01-02T03:04:05Z';
const sides = { author_association: 'MEMBER' };
const one = `${repo}/pulls/{pull_number}`;

/** Reviews, checks and members, as GitHub's REST API gives them. */
export const gitHubReviewOperations: readonly GitHubOperation[] = [
  at('GET', `${repo}/collaborators/{username}/permission`, 'metadata:read', (call) => {
    const { repository, parameters, bodies } = call;
    const login = parameters['username'] ?? '';
    const found = repository.members.get(login);
    if (found === undefined && repository.private) return missing;
    const permission = found ?? 'read';
    const user = { ...bodies.user({ login, type: 'User' }), role_name: permission };
    return { status: 200, body: { permission, role_name: permission, user } };
  }),
  at(
    'GET',
    `${repo}/commits/{ref}/check-runs`,
    'checks:read',
    ({ repository, parameters, query, bodies }) => {
      const runs = repository.checkRuns.filter(({ sha }) => sha === parameters['ref']);
      const { entries } = pageOf(runs, query);
      const check_runs = entries.map((run) => checkRunBody(run, bodies));
      return { status: 200, body: { total_count: runs.length, check_runs } };
    },
  ),
  at(
    'GET',
    `${repo}/commits/{ref}/statuses`,
    'statuses:read',
    ({ repository, parameters, bodies, principal }) => {
      const found = repository.statuses.filter(({ sha }) => sha === parameters['ref']).toReversed();
      return {
        list: found.map(({ context, state }) => bodies.status(repository, { context, state }, principal)),
      };
    },
  ),
  at('GET', `${repo}/actions/jobs/{job_id}/logs`, 'actions:read', ({ repository, parameters }) => {
    const found = repository.checkRuns.find(({ id }) => String(id) === parameters['job_id']);
    return found?.log ? { status: 302, location: `/stored-logs/${found.id}` } : missing;
  }),
  at('GET', `${one}/reviews`, 'pull_requests:read', (call) => {
    const issue = pullOf(call);
    return issue ? { list: (issue.pull?.reviews ?? []).map((each) => reviewBody(call, each)) } : missing;
  }),
  at('GET', `${one}/comments`, 'pull_requests:read', (call) => {
    const issue = pullOf(call);
    if (!issue) return missing;
    return { list: (issue.pull?.reviewComments ?? []).map((each) => commentBody(call, each)) };
  }),
  at('POST', `${one}/comments/{comment_id}/replies`, 'pull_requests:write', (call) => {
    const comments = pullOf(call)?.pull?.reviewComments;
    const first = comments?.find(({ id }) => String(id) === call.parameters['comment_id']);
    // GitHub takes answers to the first comment of a thread only.
    if (!comments || !first || first.inReplyTo !== null) return missing;
    const made: StoredReviewComment = {
      ...{ id: nextId(), by: call.principal, body: String(call.body['body']), createdAt: new Date() },
      ...{ path: first.path, line: first.line, inReplyTo: first.id, resolved: false },
    };
    comments.push(made);
    return { status: 201, body: commentBody(call, made) };
  }),
];

function checkRunBody(run: StoredCheckRun, bodies: Call['bodies']): object {
  const url = `https://forge/checks/${run.id}`;
  const slug = run.log === null ? 'other-ci' : 'github-actions';
  return {
    ...{ id: run.id, node_id: `CR_${run.id}`, head_sha: run.sha, name: run.name, url, html_url: url },
    ...{ details_url: url, status: run.status, conclusion: run.conclusion, started_at: when },
    ...{ completed_at: run.conclusion === null ? null : when, external_id: '', check_suite: { id: 1 } },
    output: {
      ...{ title: null, summary: run.summary, text: null, annotations_count: 0, annotations_url: url },
    },
    ...{ app: { ...bodies.app({ id: 15_368, slug, permissions: {} }) }, pull_requests: [] },
  };
}

function reviewBody({ bodies, parameters }: Call, { id, by, body, state, createdAt }: StoredReview): object {
  const page = `https://forge/acme/shop/pull/${parameters['pull_number']}`;
  const html_url = `${page}#pullrequestreview-${id}`;
  return {
    ...{ id, node_id: `PRR_${id}`, user: bodies.user(by), body, state, html_url, pull_request_url: page },
    ...{ ...sides, submitted_at: createdAt.toISOString(), commit_id: null },
    _links: { html: { href: html_url }, pull_request: { href: page } },
  };
}

function commentBody({ bodies, parameters }: Call, comment: StoredReviewComment): object {
  const { id, by, body, path, line, inReplyTo, createdAt } = comment;
  const page = `https://forge/acme/shop/pull/${parameters['pull_number']}`;
  const html_url = `${page}#discussion_r${id}`;
  const sha = '0'.repeat(40);
  return {
    ...{ id, node_id: `PRRC_${id}`, url: page, pull_request_review_id: null, diff_hunk: '@@', path, line },
    ...{ commit_id: sha, original_commit_id: sha, user: bodies.user(by), body, html_url, ...sides },
    ...{ created_at: createdAt.toISOString(), updated_at: createdAt.toISOString(), pull_request_url: page },
    ...(inReplyTo !== null && { in_reply_to_id: inReplyTo }),
    _links: { self: { href: page }, html: { href: html_url }, pull_request: { href: page } },
  };
}

/** What GraphQL answers to the question which threads of a pull are resolved; undefined for another question. */
export function answerThreads(
  query: string,
  variables: unknown,
  repositories: ReadonlyMap<string, StoredRepository>,
): object | undefined {
  if (!query.includes('reviewThreads')) return undefined;
  const { owner, repo: name, number, after } = variables as Record<string, unknown>;
  const found = repositories.get(`${owner}/${name}`)?.issues.find((each) => each.number === number);
  const roots = rootsOf(found);
  const from = Number(after ?? 0);
  const nodes = roots.slice(from, from + 100).map(({ id, resolved }) => ({
    isResolved: resolved,
    comments: { nodes: [{ fullDatabaseId: String(id) }] },
  }));
  const pageInfo = { hasNextPage: from + 100 < roots.length, endCursor: String(from + 100) };
  return { data: { repository: { pullRequest: { reviewThreads: { pageInfo, nodes } } } } };
}

function rootsOf(issue: StoredIssue | undefined): readonly StoredReviewComment[] {
  return (issue?.pull?.reviewComments ?? []).filter(({ inReplyTo }) => inReplyTo === null);
}
