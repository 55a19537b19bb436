import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseGitTarget, serveGit } from './git-http-backend.ts';
import { addCommits, initBare, type NewCommit } from './git-repository.ts';

export interface GitAccount {
  readonly username: string;
  readonly password: string;
  readonly scope: 'read' | 'write';
  /** `acme/shop`; all of them without it. */
  readonly repository?: string;
}

export interface ServedRepository {
  /** `acme/shop`. */
  readonly name: string;
  /** The bare repository on disk. */
  readonly path: string;
  readonly url: string;
  commit(...commits: NewCommit[]): Promise<string>;
}

export interface GitServer {
  readonly url: string;
  /** What was asked: method, path and query, and who was let in. Never holds a password. */
  readonly requests: { readonly line: string; readonly user: string | undefined }[];
  /** With one commit unless `commits` says otherwise; `public` ones are read without an account. */
  add(
    name: string,
    options?: { readonly public?: boolean; readonly commits?: readonly NewCommit[] },
  ): Promise<ServedRepository>;
  /** Lets an account in, until it is revoked. */
  allow(account: GitAccount): { revoke(): void };
  /** What the server does to every request from now on; null mends it. */
  fault: { readonly status: number; readonly body?: string } | 'hang' | 'drop' | null;
  close(): Promise<void>;
}

/** A git server on loopback: the real `git http-backend` behind basic authentication. */
export async function startGitServer(): Promise<GitServer> {
  const root = await mkdtemp(join(tmpdir(), 'gantry-git-server-'));
  const accounts = new Set<GitAccount>();
  const open = new Set<string>();
  const state: Pick<GitServer, 'fault' | 'requests'> = { fault: null, requests: [] };

  async function answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://git');
    const account = accountOf(request, accounts);
    state.requests.push({ line: `${request.method} ${request.url}`, user: account?.username });
    if (state.fault === 'hang') return;
    if (state.fault === 'drop') return void request.socket.destroy();
    if (state.fault) return void reply.writeHead(state.fault.status).end(state.fault.body);
    const target = parseGitTarget(url);
    if (!target) return void reply.writeHead(404).end();
    const name = target.repository.slice(1, -'.git'.length);
    const anonymous = request.headers.authorization === undefined && open.has(name) && !target.writes;
    if (!account && !anonymous) {
      return void reply.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    }
    if (account?.repository !== undefined && account.repository !== name)
      return void reply.writeHead(404).end();
    if (target.writes && account?.scope !== 'write') return void reply.writeHead(403).end();
    const path = `${target.repository}${target.rest}`;
    const user = account && { user: account.username };
    await serveGit(request, reply, { root, path, query: url.search.slice(1), ...user });
  }

  const server = createServer((request, reply) => {
    answer(request, reply).catch(() => reply.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, {
    url: base,
    add: async (name: string, options: Parameters<GitServer['add']>[1] = {}) => {
      const path = join(root, `${name}.git`);
      await initBare(path);
      const commits = options.commits ?? [{ message: 'Begin', files: { 'README.md': `# ${name}\n` } }];
      if (commits.length > 0) await addCommits(path, commits);
      if (options.public) open.add(name);
      const commit = (...more: NewCommit[]) => addCommits(path, more);
      return { name, path, url: `${base}/${name}.git`, commit };
    },
    allow: (account: GitAccount) => {
      accounts.add(account);
      return { revoke: () => void accounts.delete(account) };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(root, { recursive: true, force: true });
    },
  });
}

function accountOf(request: IncomingMessage, accounts: ReadonlySet<GitAccount>): GitAccount | undefined {
  const shown = basicCredential(request);
  return [...accounts].find((each) => shown === `${each.username}:${each.password}`);
}

/** `user:password` as the request shows it. */
export function basicCredential(request: IncomingMessage): string | undefined {
  const [scheme, value] = (request.headers.authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'basic' && value !== undefined
    ? Buffer.from(value, 'base64').toString()
    : undefined;
}
