import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessTokenScopes } from '@gitbeaker/rest';
import { createFaults, type Faults } from './forge-faults.ts';
import { linkHeader, matchOperation, pageOf, readJson, sendJson } from './forge-rest.ts';
import { parseGitTarget, serveGit } from './git-http-backend.ts';
import { addCommits, initBare, type NewCommit } from './git-repository.ts';
import { basicCredential } from './git-server.ts';
import { newSecret, nextId } from './github-state.ts';
import { gitLabOperations, type GitLabOperation } from './gitlab-operations.ts';
import { gitLabReviewOperations } from './gitlab-reviews.ts';
import type { GitLabState, GitLabToken, Level, StoredProject } from './gitlab-state.ts';

export interface GitLabServer {
  /** With a path of its own, as one behind a proxy has: REST below `/gitlab/api/v4`, git below `/gitlab`. */
  readonly url: string;
  readonly state: GitLabState;
  readonly faults: Faults;
  /** What was asked, and by whom. Never holds a token, unless it was in the address. */
  readonly requests: { readonly line: string; readonly username: string | undefined }[];
  /** What broke in the double itself. */
  readonly violations: string[];
  add(
    path: string,
    options?: { readonly private?: boolean; readonly commits?: readonly NewCommit[] },
  ): Promise<GitLabProject>;
  /** A personal token: a maintainer's (40) with the scope `api` unless given. */
  token(
    username: string,
    level?: Level,
    scopes?: AccessTokenScopes[],
  ): { readonly token: string; revoke(): void };
  close(): Promise<void>;
}

export interface GitLabProject {
  readonly stored: StoredProject;
  readonly url: string;
  commit(...commits: NewCommit[]): Promise<string>;
}

const prefix = '/gitlab';
const noProject: StoredProject = {
  ...{ id: 0, path: '', directory: '', private: true, archived: false, protectedBranches: new Set() },
  ...{ issues: [], pulls: [], statuses: [], jobs: [], members: new Map() },
};

/** GitLab on loopback: its REST API, and git over HTTP on real repositories. */
export async function startGitLabServer(): Promise<GitLabServer> {
  const root = await mkdtemp(join(tmpdir(), 'gantry-gitlab-'));
  const state: GitLabState = {
    ...{ projects: new Map(), tokens: new Map(), projectTokens: true, rawDiffs: true, keyset: false },
  };
  const faults = createFaults();
  const seen: Pick<GitLabServer, 'requests' | 'violations'> = { requests: [], violations: [] };
  const server = createServer((request, reply) => {
    answer(request, reply).catch((error: unknown) => {
      seen.violations.push(String(error));
      reply.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`;

  async function answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const address = new URL(request.url ?? '/', url);
    const token = tokenOf(request, state);
    seen.requests.push({ line: `${request.method} ${request.url}`, username: token?.username });
    if (faults.strike(request, reply)) return;
    const target = parseGitTarget(new URL(address.href.replace(`${prefix}/`, '/')));
    if (target)
      return answerGit(request, reply, { root, target, token, state, query: address.search.slice(1) });
    const path = address.pathname.slice(`${prefix}/api/v4`.length);
    const matched = address.pathname.startsWith(`${prefix}/api/v4/`)
      ? matchOperation([...gitLabOperations, ...gitLabReviewOperations], request.method ?? '', path)
      : undefined;
    if (!matched) return sendJson(reply, 404, { error: '404 Not Found' });
    const { operation, parameters } = matched;
    const project = state.projects.get(parameters['project'] ?? '');
    const refused = refusalOf(request, operation, token, project);
    if (refused) return sendJson(reply, refused.status, refused.body);
    const call = {
      state,
      web: url,
      parameters,
      query: address.searchParams,
      body: await readJson(request),
      token,
    };
    const result = await operation.run({ ...call, project: project ?? noProject });
    if ('list' in result) {
      const page = pageOf(result.list, address.searchParams, 20);
      const numbers = {
        ...{ 'x-page': String(page.page), 'x-per-page': String(page.perPage) },
        'x-next-page': page.page < page.pages ? String(page.page + 1) : '',
      };
      return sendJson(reply, 200, page.entries, {
        link: linkHeader(address, page),
        ...(!state.keyset && numbers),
      });
    }
    if (result.text !== undefined)
      return void reply.writeHead(200, { 'content-type': 'text/plain' }).end(result.text);
    sendJson(reply, result.status, result.body);
  }
  return Object.assign(seen, {
    url,
    state,
    faults,
    add: async (path: string, options: Parameters<GitLabServer['add']>[1] = {}) => {
      const directory = join(root, `${path}.git`);
      await initBare(directory);
      const commits = options.commits ?? [{ message: 'Begin', files: { 'README.md': `# ${path}\n` } }];
      if (commits.length > 0) await addCommits(directory, commits);
      const stored: StoredProject = {
        ...{ id: nextId() * 10, path, directory, private: options.private ?? true, archived: false },
        ...{
          protectedBranches: new Set(),
          issues: [],
          pulls: [],
          statuses: [],
          jobs: [],
          members: new Map(),
        },
      };
      state.projects.set(path, stored);
      return {
        stored,
        url: `${url}/${path}.git`,
        commit: (...more: NewCommit[]) => addCommits(directory, more),
      };
    },
    token: (username: string, level: Level = 40, scopes: AccessTokenScopes[] = ['api']) => {
      const made = {
        id: nextId(),
        token: newSecret('glpat-'),
        username,
        level,
        scopes,
        project: null,
        expiresAt: null,
      };
      state.tokens.set(made.token, made);
      return { token: made.token, revoke: () => void state.tokens.delete(made.token) };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(root, { recursive: true, force: true });
    },
  });
}

function tokenOf(request: IncomingMessage, state: GitLabState): GitLabToken | undefined {
  const [, bearer] = /^bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const header = request.headers['private-token'];
  const shown = bearer ?? (typeof header === 'string' ? header : basicCredential(request)?.split(':')[1]);
  const found = state.tokens.get(shown ?? '');
  return found?.expiresAt && Date.parse(found.expiresAt) < Date.now() ? undefined : found;
}

function refusalOf(
  { headers }: IncomingMessage,
  { level, writes }: GitLabOperation,
  token: GitLabToken | undefined,
  project: StoredProject | undefined,
): { readonly status: number; readonly body: object } | undefined {
  const unauthorized = { status: 401, body: { message: '401 Unauthorized' } };
  if (!token && (headers.authorization ?? headers['private-token']) !== undefined) return unauthorized;
  if (level === null) return token ? undefined : unauthorized;
  const missing = { status: 404, body: { message: '404 Project Not Found' } };
  if (!project || (token?.project && token.project !== project.path)) return missing;
  if (!token) return writes ? unauthorized : project.private ? missing : undefined;
  const scoped = token.scopes.includes('api') || (!writes && token.scopes.includes('read_api'));
  if (!scoped)
    return {
      status: 403,
      body: {
        error: 'insufficient_scope',
        error_description: 'The request requires higher privileges than provided by the access token.',
        scope: 'api',
      },
    };
  if (token.level < level || (writes && project.archived))
    return { status: 403, body: { message: '403 Forbidden' } };
  return undefined;
}

async function answerGit(
  request: IncomingMessage,
  reply: ServerResponse,
  {
    root,
    target,
    token,
    state,
    query,
  }: {
    readonly root: string;
    readonly target: NonNullable<ReturnType<typeof parseGitTarget>>;
    readonly token: GitLabToken | undefined;
    readonly state: GitLabState;
    readonly query: string;
  },
): Promise<void> {
  const path = target.repository.slice(1, -'.git'.length);
  const project = state.projects.get(path);
  const open = project?.private === false && !target.writes && request.headers.authorization === undefined;
  if (!token && !open) return void reply.writeHead(401, { 'www-authenticate': 'Basic realm="GitLab"' }).end();
  if (!project || (token?.project && token.project !== path)) return void reply.writeHead(404).end();
  const wanted: readonly AccessTokenScopes[] = target.writes
    ? ['api', 'write_repository']
    : ['api', 'read_repository', 'write_repository'];
  const allowed =
    !token || (wanted.some((scope) => token.scopes.includes(scope)) && (!target.writes || token.level >= 30));
  if (!allowed) return void reply.writeHead(403).end();
  const user = token && { user: token.username };
  await serveGit(request, reply, { root, path: `${target.repository}${target.rest}`, query, ...user });
}
