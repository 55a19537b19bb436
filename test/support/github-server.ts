import { createPublicKey, createVerify, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFaults, type Faults } from './forge-faults.ts';
import { linkHeader, matchOperation, pageOf, readJson, sendJson } from './forge-rest.ts';
import { parseGitTarget, serveGit } from './git-http-backend.ts';
import { addCommits, initBare, type NewCommit } from './git-repository.ts';
import { basicCredential } from './git-server.ts';
import { createBodies } from './github-bodies.ts';
import type { CheckAnswer } from './github-openapi.ts';
import {
  gitHubOperations,
  type App,
  type Call,
  type GitHubOperation,
  type GitHubState,
} from './github-operations.ts';
import { answerThreads, gitHubReviewOperations } from './github-reviews.ts';
import {
  newSecret,
  nextId,
  nextNumber,
  type Account,
  type Installation,
  type Permissions,
  type Principal,
  type StoredIssue,
  type StoredRepository,
} from './github-state.ts';

export interface GitHubServer {
  /** As an Enterprise Server: REST below `/api/v3`, GraphQL at `/api/graphql`, git at its root. */
  readonly url: string;
  readonly state: GitHubState;
  readonly faults: Faults;
  readonly app: { readonly appId: string; readonly privateKey: string; readonly slug: string };
  /** What was asked, and by whom. Never holds a token, unless it was in the address. */
  readonly requests: { readonly line: string; readonly login: string | undefined }[];
  /** Where answers were not as GitHub publishes them. */
  readonly violations: string[];
  /** Requests left before the primary limit; null for no limit. */
  quota: number | null;
  add(
    name: string,
    options?: { readonly private?: boolean; readonly commits?: readonly NewCommit[] },
  ): Promise<GitHubRepository>;
  /** A personal token; without permissions it may do everything. */
  token(login: string, permissions?: Permissions): { readonly token: string; revoke(): void };
  install(repositories: readonly string[], permissions: Permissions): Installation;
  close(): Promise<void>;
}

export interface GitHubRepository {
  readonly stored: StoredRepository;
  readonly url: string;
  commit(...commits: NewCommit[]): Promise<string>;
  issue(by: string, title: string, body: string): StoredIssue;
  /** Answers its id. */
  comment(issue: StoredIssue, by: string, body: string): string;
}

const nobody: Principal = {
  login: '',
  type: 'User',
  token: '',
  permissions: {},
  repositories: [],
  expiresAt: null,
};
const noRepository = {
  id: 0,
  name: '',
  path: '',
  private: true,
  archived: false,
  protectedBranches: new Set<string>(),
  issues: [],
  statuses: [],
  checkRuns: [],
  members: new Map<string, 'read'>(),
};

/** GitHub on loopback: its REST API, the two mutations of GraphQL, and git over HTTP on real repositories. */
export async function startGitHubServer(check?: CheckAnswer): Promise<GitHubServer> {
  const root = await mkdtemp(join(tmpdir(), 'gantry-github-'));
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const app: App = { id: 4242, slug: 'gantry-test', permissions: {} };
  const state: GitHubState = {
    ...{ repositories: new Map(), principals: new Map(), installations: [], manifestCodes: new Map(), app },
    ...{ tokenMinutes: 60, longestDiff: Number.POSITIVE_INFINITY, drafts: true },
  };
  const faults = createFaults();
  const seen: Pick<GitHubServer, 'requests' | 'violations' | 'quota'> = {
    requests: [],
    violations: [],
    quota: null,
  };
  const server = createServer((request, reply) => {
    answer(request, reply).catch((error: unknown) => {
      seen.violations.push(String(error));
      reply.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const bodies = createBodies(`${url}/api/v3`, url);

  async function answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const address = new URL(request.url ?? '/', url);
    const principal = principalOf(request, state);
    seen.requests.push({ line: `${request.method} ${request.url}`, login: principal?.login });
    if (faults.strike(request, reply)) return;
    const [, log] = /^\/stored-logs\/(\d+)$/.exec(address.pathname) ?? [];
    if (log !== undefined) return answerLog(request, reply, log, { state, violations: seen.violations });
    const target = parseGitTarget(address);
    if (target)
      return answerGit(request, reply, { root, target, principal, state, query: address.search.slice(1) });
    if (address.pathname === '/api/graphql') return mutate(request, reply, principal, state);
    const path = address.pathname.replace(/^\/api\/v3/, '');
    const matched = matchOperation(
      [...gitHubOperations, ...gitHubReviewOperations],
      request.method ?? '',
      path,
    );
    if (!matched || path === address.pathname) return sendJson(reply, 404, { message: 'Not Found' });
    const { operation, parameters } = matched;
    const refused = refusalOf(request, operation, principal, parameters, {
      state,
      key: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    });
    const limit = seen.quota === null ? undefined : { left: (seen.quota -= 1) };
    if (limit && limit.left < 0)
      return sendJson(reply, 403, { message: 'API rate limit exceeded' }, limitHeaders(0));
    if (refused)
      return void sendJson(reply, refused.status, {
        message: refused.message,
        documentation_url: 'https://docs',
      });
    const call: Call = {
      ...{ state, bodies, parameters, query: address.searchParams, body: await readJson(request) },
      principal: principal ?? nobody,
      repository: state.repositories.get(`${parameters['owner']}/${parameters['repo']}`) ?? noRepository,
      wantsDiff: (request.headers.accept ?? '').includes('diff'),
    };
    const result = await operation.run(call);
    const headers = limit ? limitHeaders(limit.left) : {};
    if ('list' in result) {
      const page = pageOf(result.list, address.searchParams);
      const shown = result.shown as ((entry: unknown) => unknown) | undefined;
      const entries = shown ? page.entries.map(shown) : page.entries;
      checkAnswer(operation, 200, entries);
      return sendJson(reply, 200, entries, { ...headers, link: linkHeader(address, page) });
    }
    if (result.location !== undefined) {
      const elsewhere = `${url.replace('127.0.0.1', 'localhost')}${result.location}`;
      return void reply.writeHead(302, { location: elsewhere }).end();
    }
    if (result.text !== undefined) {
      return void reply
        .writeHead(200, { 'content-type': 'application/vnd.github.diff; charset=utf-8' })
        .end(result.text);
    }
    checkAnswer(operation, result.status, result.body);
    sendJson(reply, result.status, result.body, headers);
  }
  function checkAnswer(operation: GitHubOperation, status: number, body: unknown): void {
    const problem = check?.(
      operation,
      status,
      body === undefined ? undefined : JSON.parse(JSON.stringify(body)),
    );
    if (problem) seen.violations.push(problem);
  }
  const account = (login: string): Account => ({ login, type: login.endsWith('[bot]') ? 'Bot' : 'User' });
  return Object.assign(seen, {
    url,
    state,
    faults,
    app: {
      appId: String(app.id),
      privateKey: keys.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
      slug: app.slug,
    },
    add: async (name: string, options: Parameters<GitHubServer['add']>[1] = {}) => {
      const path = join(root, `${name}.git`);
      await initBare(path);
      const commits = options.commits ?? [{ message: 'Begin', files: { 'README.md': `# ${name}\n` } }];
      if (commits.length > 0) await addCommits(path, commits);
      const stored: StoredRepository = {
        ...{ id: nextId() * 10, name, path, private: options.private ?? true, archived: false },
        ...{ protectedBranches: new Set(), issues: [], statuses: [], checkRuns: [], members: new Map() },
      };
      state.repositories.set(name, stored);
      return {
        stored,
        url: `${url}/${name}.git`,
        commit: (...more: NewCommit[]) => addCommits(path, more),
        issue: (by: string, title: string, body: string) => {
          const issue: StoredIssue = {
            ...{ number: nextNumber(stored), title, body, state: 'open', by: account(by) },
            ...{ labels: [], comments: [], createdAt: new Date() },
          };
          stored.issues.push(issue);
          return issue;
        },
        comment: (issue: StoredIssue, by: string, body: string) => {
          const made = { id: nextId(), by: account(by), body, createdAt: new Date() };
          issue.comments.push(made);
          return String(made.id);
        },
      };
    },
    token: (login: string, permissions?: Permissions) => {
      const token = newSecret('ghp_');
      const everything = { repositories: null, expiresAt: null };
      state.principals.set(token, {
        ...account(login),
        token,
        permissions: permissions ?? null,
        ...everything,
      });
      return { token, revoke: () => void state.principals.delete(token) };
    },
    install: (repositories: readonly string[], permissions: Permissions) => {
      const installation = { id: nextId(), repositories, permissions, suspended: false };
      state.installations.push(installation);
      return installation;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(root, { recursive: true, force: true });
    },
  });
}

function limitHeaders(left: number): Record<string, string> {
  const reset = String(Math.ceil(Date.now() / 1000) + 600);
  return { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': String(left), 'x-ratelimit-reset': reset };
}

function principalOf(request: IncomingMessage, state: GitHubState): Principal | undefined {
  const [, bearer] = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const token = bearer ?? basicCredential(request)?.split(':')[1] ?? '';
  const found = state.principals.get(token);
  return found?.expiresAt && found.expiresAt.getTime() < Date.now() ? undefined : found;
}

function refusalOf(
  request: IncomingMessage,
  { needs }: GitHubOperation,
  principal: Principal | undefined,
  parameters: Readonly<Record<string, string>>,
  { state, key }: { readonly state: GitHubState; readonly key: string },
): { status: number; message: string } | undefined {
  if (needs === 'nothing') return undefined;
  const bad = { status: 401, message: 'Bad credentials' };
  const shown = request.headers.authorization;
  if (needs === 'app')
    return isSignedBy(shown, key, String(state.app.id))
      ? undefined
      : { status: 401, message: 'A JSON web token could not be decoded' };
  if (shown !== undefined && !principal) return bad;
  if (needs === 'token') return principal ? undefined : bad;
  const name = `${parameters['owner']}/${parameters['repo']}`;
  const repository = state.repositories.get(name);
  const unseen = { status: 404, message: 'Not Found' };
  if (!repository || (repository.private && !mayReach(principal, name))) return unseen;
  const [what = '', level] = needs.split(':');
  if (!principal) return level === 'read' ? undefined : { status: 401, message: 'Requires authentication' };
  const granted = principal.permissions === null ? 'write' : principal.permissions[what];
  const enough = granted === 'write' || granted === level || what === 'metadata';
  if (!enough) return { status: 403, message: 'Resource not accessible by integration' };
  if (level === 'write' && repository.archived)
    return { status: 403, message: 'Repository was archived so is read-only.' };
  return undefined;
}

function mayReach(principal: Principal | undefined, name: string): boolean {
  return (
    principal !== undefined && (principal.repositories === null || principal.repositories.includes(name))
  );
}

/** RS256 (RFC 7515), issued by the App, and for ten minutes at most, as GitHub wants it. */
function isSignedBy(header: string | undefined, key: string, appId: string): boolean {
  const [, head = '', claims = '', signature = ''] =
    /^bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(header ?? '') ?? [];
  const signed = createVerify('RSA-SHA256').update(`${head}.${claims}`);
  if (head === '' || !signed.verify(createPublicKey(key), Buffer.from(signature, 'base64url'))) return false;
  const { iss, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  return String(iss) === appId && exp - iat <= 660 && exp * 1000 > Date.now();
}

async function answerGit(
  request: IncomingMessage,
  reply: ServerResponse,
  {
    root,
    target,
    principal,
    state,
    query,
  }: {
    readonly root: string;
    readonly target: NonNullable<ReturnType<typeof parseGitTarget>>;
    readonly principal: Principal | undefined;
    readonly state: GitHubState;
    readonly query: string;
  },
): Promise<void> {
  const name = target.repository.slice(1, -'.git'.length);
  const repository = state.repositories.get(name);
  const open = repository?.private === false && !target.writes && request.headers.authorization === undefined;
  if (!principal && !open)
    return void reply.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' }).end();
  if (!repository || (principal && !mayReach(principal, name))) return void reply.writeHead(404).end();
  const granted = principal?.permissions ? principal.permissions['contents'] : 'write';
  if (granted === undefined || (target.writes && granted !== 'write')) return void reply.writeHead(403).end();
  const user = principal && { user: principal.login };
  await serveGit(request, reply, { root, path: `${target.repository}${target.rest}`, query, ...user });
}

/** A place of its own, as GitHub's logs have: whoever shows it a credential has given it away. */
function answerLog(
  request: IncomingMessage,
  reply: ServerResponse,
  id: string,
  { state, violations }: { readonly state: GitHubState; readonly violations: string[] },
): void {
  if (request.headers.authorization !== undefined) violations.push('a credential was shown to the logs');
  const runs = [...state.repositories.values()].flatMap(({ checkRuns }) => checkRuns);
  const found = runs.find((run) => String(run.id) === id);
  reply.writeHead(found ? 200 : 404, { 'content-type': 'text/plain' }).end(found?.log ?? '');
}

async function mutate(
  request: IncomingMessage,
  reply: ServerResponse,
  principal: Principal | undefined,
  { repositories }: GitHubState,
): Promise<void> {
  if (!principal) return sendJson(reply, 401, { message: 'Bad credentials' });
  const { query, variables } = await readJson(request);
  const threads = answerThreads(String(query), variables, repositories);
  if (threads) return sendJson(reply, 200, threads);
  const { id } = variables as { id?: string };
  const issue = [...repositories.values()]
    .flatMap((stored) => stored.issues.map((each) => ({ node: `PR_${stored.id}_${each.number}`, each })))
    .find(({ node, each }) => node === id && each.pull)?.each;
  const failed = (type: string, message: string) =>
    sendJson(reply, 200, { data: null, errors: [{ type, message }] });
  if (principal.permissions !== null && principal.permissions['pull_requests'] !== 'write')
    return failed('FORBIDDEN', 'Resource not accessible by integration');
  if (!issue?.pull) return failed('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`);
  const draft = String(query).includes('convertPullRequestToDraft');
  issue.pull.draft = draft;
  const name = draft ? 'convertPullRequestToDraft' : 'markPullRequestReadyForReview';
  sendJson(reply, 200, { data: { [name]: { pullRequest: { isDraft: draft } } } });
}
