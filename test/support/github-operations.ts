import { git, splitDiff } from './git-repository.ts';
import type { Operation } from './forge-rest.ts';
import type { Bodies } from './github-bodies.ts';
import {
  newSecret,
  nextId,
  nextNumber,
  type Installation,
  type Permissions,
  type Principal,
  type StoredComment,
  type StoredIssue,
  type StoredRepository,
} from './github-state.ts';

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly permissions: Permissions;
}

export interface GitHubState {
  readonly repositories: Map<string, StoredRepository>;
  readonly principals: Map<string, Principal>;
  readonly installations: Installation[];
  readonly manifestCodes: Map<string, App & { readonly pem: string }>;
  readonly app: App;
  tokenMinutes: number;
  /** More lines than this are no diff any more but a 406. */
  longestDiff: number;
  drafts: boolean;
}

export interface Call {
  readonly state: GitHubState;
  readonly bodies: Bodies;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
  readonly repository: StoredRepository;
  readonly wantsDiff: boolean;
}

/** A list is paged, a text is a diff, the rest goes out as it is. */
export type Answer =
  | { readonly status: number; readonly body?: unknown; readonly text?: string; readonly location?: string }
  | {
      readonly list: readonly unknown[];
      /** Of a page's entries only: lists can be long. */ readonly shown?: (entry: never) => unknown;
    };

export interface GitHubOperation extends Operation {
  /** `app`: by the App's JWT. Else what the token must be allowed, such as `issues:write`. */
  readonly needs: 'app' | 'nothing' | 'token' | `${string}:${'read' | 'write'}`;
  readonly run: (call: Call) => Promise<Answer> | Answer;
}

export const repo = '/repos/{owner}/{repo}';
export const missing: Answer = {
  status: 404,
  body: { message: 'Not Found', documentation_url: 'https://docs' },
};

export const gitHubOperations: readonly GitHubOperation[] = [
  at('GET', repo, 'metadata:read', async ({ bodies, repository, principal }) => {
    const size = (await branchesOf(repository)).length;
    const push = principal.permissions === null || principal.permissions['contents'] === 'write';
    return { status: 200, body: bodies.repository(repository, size, { pull: true, push, admin: false }) };
  }),
  at('GET', `${repo}/branches`, 'contents:read', async ({ bodies, repository }) => ({
    list: (await branchesOf(repository)).map(({ name, sha }) => bodies.branch(repository, name, sha)),
  })),
  at('GET', `${repo}/branches/{branch}`, 'contents:read', async ({ bodies, repository, parameters }) => {
    const found = (await branchesOf(repository)).find(({ name }) => name === parameters['branch']);
    if (!found) return { status: 404, body: { message: 'Branch not found' } };
    return { status: 200, body: bodies.branchWithProtection(repository, found.name, found.sha) };
  }),
  at('GET', `${repo}/pulls`, 'pull_requests:read', ({ bodies, repository, query }) => {
    const state = query.get('state') ?? 'open';
    const head = query.get('head')?.split(':')[1];
    const pulls = repository.issues.filter(
      (each) =>
        each.pull && (state === 'all' || each.state === state) && (!head || each.pull.head.ref === head),
    );
    return { list: pulls.toReversed().map((each) => bodies.pull(repository, each, false)) };
  }),
  at('POST', `${repo}/pulls`, 'pull_requests:write', openPull),
  at('GET', `${repo}/pulls/{pull_number}`, 'pull_requests:read', async (call) => {
    const issue = pullOf(call);
    if (!issue?.pull) return missing;
    const branches = issue.pull.head.fork === null ? await branchesOf(call.repository) : [];
    const pushed = branches.find(({ name }) => name === issue.pull?.head.ref);
    if (pushed) issue.pull.head = { ...issue.pull.head, sha: pushed.sha };
    if (!call.wantsDiff) return { status: 200, body: call.bodies.pull(call.repository, issue, true) };
    const { head, base } = issue.pull;
    const text = await git(call.repository.path, ['diff', `${base.sha}...${head.sha}`]);
    if (text.length <= call.state.longestDiff) return { status: 200, text };
    return { status: 406, body: { message: 'Sorry, the diff exceeded the maximum number of lines (20000)' } };
  }),
  at('PATCH', `${repo}/pulls/{pull_number}`, 'pull_requests:write', (call) => {
    const issue = pullOf(call);
    if (!issue) return missing;
    const { title, body, state } = call.body;
    if (typeof title === 'string') issue.title = title;
    if (typeof body === 'string') issue.body = body;
    if (state === 'open' || state === 'closed') issue.state = state;
    return { status: 200, body: call.bodies.pull(call.repository, issue, true) };
  }),
  at('GET', `${repo}/pulls/{pull_number}/files`, 'pull_requests:read', async (call) => {
    const issue = pullOf(call);
    if (!issue?.pull) return missing;
    const { head, base } = issue.pull;
    const text = await git(call.repository.path, ['diff', `${base.sha}...${head.sha}`]);
    return { list: splitDiff(text).map(({ path, patch }) => fileOf(head.sha, path, patch)) };
  }),
  at('GET', `${repo}/issues/{issue_number}`, 'issues:read', (call) => {
    const issue = issueOf(call);
    return issue ? { status: 200, body: call.bodies.issue(call.repository, issue) } : missing;
  }),
  at('GET', `${repo}/issues/{issue_number}/comments`, 'issues:read', (call) => {
    const issue = issueOf(call);
    if (!issue) return missing;
    const shown = (each: StoredComment) => call.bodies.comment(call.repository, issue, each);
    return { list: issue.comments, shown };
  }),
  at('POST', `${repo}/issues/{issue_number}/comments`, 'issues:write', (call) => {
    const issue = issueOf(call);
    if (!issue) return missing;
    if (tooLong(call.body))
      return { status: 422, body: { message: 'Body is too long', documentation_url: 'https://docs' } };
    const made = { id: nextId(), by: call.principal, body: String(call.body['body']), createdAt: new Date() };
    issue.comments.push(made);
    return { status: 201, body: call.bodies.comment(call.repository, issue, made) };
  }),
  at('PATCH', `${repo}/issues/comments/{comment_id}`, 'issues:write', (call) => {
    for (const issue of call.repository.issues) {
      const comment = issue.comments.find(({ id }) => String(id) === call.parameters['comment_id']);
      if (!comment) continue;
      comment.body = String(call.body['body']);
      return { status: 200, body: call.bodies.comment(call.repository, issue, comment) };
    }
    return missing;
  }),
  at('POST', `${repo}/issues/{issue_number}/labels`, 'issues:write', (call) => {
    const issue = issueOf(call);
    const names = call.body['labels'];
    if (!issue || !Array.isArray(names)) return missing;
    issue.labels = [...new Set([...issue.labels, ...names.map(String)])];
    return { status: 200, body: issue.labels.map((name) => call.bodies.label(call.repository, name)) };
  }),
  at(
    'POST',
    `${repo}/statuses/{sha}`,
    'statuses:write',
    ({ repository, parameters, body, bodies, principal }) => {
      const { context, state, description, target_url } = body;
      if (
        !['pending', 'success', 'failure', 'error'].includes(String(state)) ||
        String(description).length > 140
      )
        return { status: 422, body: { message: 'Validation Failed' } };
      const sha = parameters['sha'] ?? '';
      repository.statuses.push({ sha, context: String(context), state: String(state) });
      const status = { context, state, description, target_url: target_url ?? null };
      return { status: 201, body: bodies.status(repository, status, principal) };
    },
  ),
  at('GET', `${repo}/installation`, 'app', ({ state, bodies, parameters }) => {
    const name = `${parameters['owner']}/${parameters['repo']}`;
    const found = state.installations.find((each) => each.repositories.includes(name));
    return found ? { status: 200, body: bodies.installation(found, state.app) } : missing;
  }),
  at('POST', '/app/installations/{installation_id}/access_tokens', 'app', issueToken),
  at('DELETE', '/installation/token', 'token', ({ state, principal }) => {
    state.principals.delete(principal.token);
    return { status: 204 };
  }),
  at('GET', '/user', 'token', ({ bodies, principal }) => {
    if (principal.type === 'User') return { status: 200, body: bodies.ownUser(principal) };
    return { status: 403, body: { message: 'Resource not accessible by integration' } };
  }),
  at('POST', '/app-manifests/{code}/conversions', 'nothing', ({ state, bodies, parameters }) => {
    const code = parameters['code'] ?? '';
    const made = state.manifestCodes.get(code);
    if (!made) return missing;
    state.manifestCodes.delete(code);
    const secrets = {
      client_id: 'Iv1.8a61f9b3a7aba766',
      client_secret: newSecret('s'),
      webhook_secret: newSecret('w'),
    };
    return { status: 201, body: { ...bodies.app(made), ...secrets, pem: made.pem } };
  }),
];

/** One operation. */
export function at(
  method: string,
  route: string,
  needs: GitHubOperation['needs'],
  run: GitHubOperation['run'],
): GitHubOperation {
  return { method, route, needs, run };
}

async function openPull({ repository, body, bodies, principal, state }: Call): Promise<Answer> {
  const { title, head, base, draft } = body;
  const branches = await branchesOf(repository);
  const [from, to] = [head, base].map((each) => branches.find(({ name }) => name === each));
  const invalid = (message: string): Answer => ({
    status: 422,
    body: {
      message: 'Validation Failed',
      documentation_url: 'https://docs',
      errors: [{ resource: 'PullRequest', code: 'custom', message }],
    },
  });
  if (!from || !to) return invalid('head or base is invalid');
  if (tooLong(body)) return invalid('title or body is too long');
  if (draft === true && !state.drafts)
    return {
      status: 422,
      body: {
        message: 'Draft pull requests are not supported in this repository.',
        documentation_url: 'https://docs',
      },
    };
  if (
    repository.issues.some(
      (each) => each.state === 'open' && each.pull?.head.fork === null && each.pull.head.ref === from.name,
    )
  )
    return invalid(`A pull request already exists for acme:${from.name}.`);
  const issue: StoredIssue = {
    ...{
      number: nextNumber(repository),
      title: String(title),
      body: String(body['body'] ?? ''),
      state: 'open',
    },
    ...{ by: principal, labels: [], comments: [], createdAt: new Date() },
    pull: {
      head: { ref: from.name, sha: from.sha, fork: null },
      base: { ref: to.name, sha: to.sha },
      draft: draft === true,
      mergedAt: null,
      reviews: [],
      reviewComments: [],
    },
  };
  repository.issues.push(issue);
  return { status: 201, body: bodies.pull(repository, issue, true) };
}

function issueToken({ state, parameters, body }: Call): Answer {
  const installation = state.installations.find(({ id }) => String(id) === parameters['installation_id']);
  if (!installation) return missing;
  const permissions = (body['permissions'] ?? installation.permissions) as Permissions;
  const exceeds = Object.entries(permissions).some(
    ([what, level]) => installation.permissions[what] !== level && installation.permissions[what] !== 'write',
  );
  if (exceeds || installation.suspended)
    return {
      status: 422,
      body: { message: 'The permissions requested are not granted.', documentation_url: 'https://docs' },
    };
  const wanted = Array.isArray(body['repositories']) ? body['repositories'].map(String) : null;
  const repositories = installation.repositories.filter(
    (name) => !wanted || wanted.includes(name.split('/')[1] ?? ''),
  );
  const token = newSecret('ghs_');
  const expiresAt = new Date(Date.now() + state.tokenMinutes * 60_000);
  const login = `${state.app.slug}[bot]`;
  state.principals.set(token, { login, type: 'Bot', token, permissions, repositories, expiresAt });
  const expires_at = `${expiresAt.toISOString().slice(0, 19)}Z`;
  return { status: 201, body: { token, expires_at, permissions, repository_selection: 'selected' } };
}

async function branchesOf({ path }: StoredRepository): Promise<{ name: string; sha: string }[]> {
  const lines = await git(path, ['for-each-ref', '--format=%(objectname) %(refname:lstrip=2)', 'refs/heads']);
  return lines
    .split('\n')
    .filter(Boolean)
    .map((line) => ({ sha: line.slice(0, 40), name: line.slice(41) }));
}

function fileOf(sha: string, filename: string, patch: string) {
  const hunks = patch.indexOf('@@');
  const url = 'https://forge/x';
  return {
    ...{ sha, filename, status: patch.includes('new file') ? 'added' : 'modified', additions: 1 },
    ...{ deletions: 0, changes: 1, blob_url: url, raw_url: url, contents_url: url },
    ...(hunks !== -1 && { patch: patch.slice(hunks).trimEnd() }),
  };
}

function tooLong({ title, body }: Readonly<Record<string, unknown>>): boolean {
  return String(title ?? '').length > 256 || String(body ?? '').length > 65_536;
}

function issueOf({ repository, parameters }: Call): StoredIssue | undefined {
  return repository.issues.find(({ number }) => String(number) === parameters['issue_number']);
}

/** The pull that the address names. */
export function pullOf({ repository, parameters }: Call): StoredIssue | undefined {
  return repository.issues.find(({ number, pull }) => pull && String(number) === parameters['pull_number']);
}
