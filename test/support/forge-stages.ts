import { openForge } from '../../src/drivers/forges/index.ts';
import type { Forge, ForgeAuth, ForgeKind } from '../../src/resources/ports/forge.ts';
import type { Fault } from './forge-faults.ts';
import type { NewCommit } from './git-repository.ts';
import { startGitServer } from './git-server.ts';
import { loadGitHubOpenApi } from './github-openapi.ts';
import { nextId } from './github-state.ts';
import { startGitHubServer, type GitHubRepository } from './github-server.ts';
import { startGitLabServer } from './gitlab-server.ts';
import { runGit } from './run-git.ts';

/** A forge with one repository `acme/shop` on it, and what a test does to it behind the driver's back. */
export interface ForgeStage {
  readonly kind: ForgeKind;
  /** With a credential that may write. */
  readonly forge: Forge;
  /** The address that git clones the repository from. */
  readonly cloneUrl: string;
  /** The bare repository on disk. */
  readonly path: string;
  open(what: { readonly repository?: string; readonly token?: string }): Promise<Forge>;
  commit(...commits: NewCommit[]): Promise<string>;
  addEmpty(): Promise<Forge>;
  /** An issue of a stranger; answers its number. */
  issue(title: string, body: string): Promise<number>;
  label(number: number, label: string): void;
  /** A comment on an issue; a stranger's unless given. Answers its id. */
  comment(number: number, body: string, by?: string): Promise<string>;
  /** The same on a pull. */
  commentPull(number: number, body: string, by?: string): Promise<string>;
  /** A pull of a stranger's. */
  pull(title: string, body: string, head: string): Promise<number>;
  member(login: string, level: 'read' | 'write' | 'admin'): void;
  /** What CI says of a commit. */
  check(commit: string, check: StagedCheck): void;
  /** A comment on line 3 of `a.txt` of a pull, or with `thread` an answer to one; answers its id. */
  review(pull: number, by: string, body: string, thread?: string): Promise<string>;
  resolve(pull: number, thread: string): void;
  /** As if a person had merged it. */
  merge(pull: number): void;
  /** What stands in a thread, the earliest first. */
  thread(pull: number, thread: string): readonly { readonly by: string; readonly body: string }[];
  statuses(): readonly { readonly sha: string; readonly context: string; readonly state: string }[];
  /** Every request that holds the path of the repository goes wrong like this, until null. */
  fail(fault: Fault | null): void;
  revoke(): void;
  archive(isArchived: boolean): void;
  /** Addresses that were asked for. */
  lines(): readonly string[];
  /** What must be in no address, error or log. */
  readonly secret: string;
  /** Why the double's answers can't be checked here; null when they are. */
  readonly unchecked: string | null;
  /** Where the double was not as its forge is. */
  violations(): readonly string[];
  close(): Promise<void>;
}

export interface StagedCheck {
  readonly name: string;
  readonly state: 'pending' | 'passed' | 'failed';
  readonly log?: string;
}

export const stages: Readonly<Record<ForgeKind, () => Promise<ForgeStage>>> = {
  git: stageGit,
  github: stageGitHub,
  gitlab: stageGitLab,
};

async function stageGit(): Promise<ForgeStage> {
  const server = await startGitServer();
  const repository = await server.add('acme/shop');
  const secret = 'canary-of-the-git-stage';
  const account = server.allow({ username: 'git', password: secret, scope: 'write' });
  const open = (what: { repository?: string; token?: string }) =>
    openForge('git', {
      repository: what.repository === undefined ? repository.url : `${server.url}/${what.repository}.git`,
      auth: { kind: 'token', token: what.token ?? secret },
      fetch,
      runGit,
    });
  const none = () => Promise.reject(new Error('plain git has no such thing'));
  return {
    kind: 'git',
    forge: await open({}),
    cloneUrl: repository.url,
    path: repository.path,
    open,
    commit: repository.commit,
    addEmpty: async () => {
      await server.add('acme/empty', { commits: [] });
      return open({ repository: 'acme/empty' });
    },
    issue: none,
    label: () => undefined,
    comment: none,
    commentPull: none,
    pull: none,
    member: () => undefined,
    check: () => undefined,
    review: none,
    resolve: () => undefined,
    merge: () => undefined,
    thread: () => [],
    statuses: () => [],
    fail: (fault) => {
      if (fault !== null && typeof fault !== 'string')
        server.fault = { status: fault.status, body: String(fault.body) };
      else server.fault = fault === 'hang' || fault === null ? fault : 'drop';
    },
    revoke: () => account.revoke(),
    archive: () => undefined,
    lines: () => server.requests.map(({ line }) => line),
    secret,
    unchecked: null,
    violations: () => [],
    close: () => server.close(),
  };
}

async function stageGitHub(): Promise<ForgeStage> {
  const openApi = await loadGitHubOpenApi();
  const server = await startGitHubServer(typeof openApi === 'string' ? undefined : openApi);
  const repository = await server.add('acme/shop');
  const { token: secret, revoke } = server.token('gantry-person');
  const open = (what: { repository?: string; token?: string }) =>
    openForge('github', {
      baseUrl: server.url,
      repository: what.repository ?? 'acme/shop',
      auth: { kind: 'token', token: what.token ?? secret },
      fetch,
      runGit,
    });
  return {
    kind: 'github',
    forge: await open({}),
    cloneUrl: repository.url,
    path: repository.stored.path,
    open,
    commit: repository.commit,
    addEmpty: async () => {
      await server.add('acme/empty', { commits: [] });
      return open({ repository: 'acme/empty' });
    },
    issue: async (title, body) => repository.issue('stranger', title, body).number,
    label: (number, label) => void issueOf(repository, number).labels.push(label),
    comment: async (number, body, by = 'stranger') =>
      repository.comment(issueOf(repository, number), by, body),
    commentPull: async (number, body, by = 'stranger') =>
      repository.comment(issueOf(repository, number), by, body),
    pull: async (title, body, head) => {
      const issue = repository.issue('stranger', title, body);
      const sha = await repository.commit({ branch: head, files: { [`${head}.txt`]: 'x\n' } });
      issue.pull = {
        head: { ref: head, sha, fork: 'stranger/shop' },
        base: { ref: 'main', sha },
        draft: false,
        mergedAt: null,
        reviews: [],
        reviewComments: [],
      };
      return issue.number;
    },
    member: (login, level) => void repository.stored.members.set(login, level),
    check: (sha, { name, state, log = null }) =>
      void repository.stored.checkRuns.push({
        ...{ id: nextId(), sha, name, summary: `${name} ${state}`, log },
        status: state === 'pending' ? 'in_progress' : 'completed',
        conclusion: state === 'pending' ? null : state === 'passed' ? 'success' : 'failure',
      }),
    review: async (number, login, body, thread) => {
      const inReplyTo = thread === undefined ? null : Number(thread);
      const by = { login, type: 'User' } as const;
      const made = { id: nextId(), by, body, createdAt: new Date(), path: 'a.txt', line: 3, inReplyTo };
      issueOf(repository, number).pull?.reviewComments?.push({ ...made, resolved: false });
      return String(made.id);
    },
    resolve: (number, thread) => {
      const comments = issueOf(repository, number).pull?.reviewComments ?? [];
      for (const each of comments) if (String(each.id) === thread) each.resolved = true;
    },
    merge: (number) => {
      const issue = issueOf(repository, number);
      issue.state = 'closed';
      if (issue.pull) issue.pull.mergedAt = new Date();
    },
    thread: (number, thread) =>
      (issueOf(repository, number).pull?.reviewComments ?? [])
        .filter(({ id, inReplyTo }) => [String(id), String(inReplyTo)].includes(thread))
        .map(({ by, body }) => ({ by: by.login, body })),
    statuses: () => repository.stored.statuses,
    fail: (fault) => {
      server.faults.clear();
      if (fault !== null) server.faults.add(/repos\/acme\/shop/, fault, 1000);
    },
    revoke,
    archive: (isArchived) => {
      repository.stored.archived = isArchived;
    },
    lines: () => server.requests.map(({ line }) => line),
    secret,
    unchecked: typeof openApi === 'string' ? openApi : null,
    violations: () => server.violations,
    close: () => server.close(),
  };
}

async function stageGitLab(): Promise<ForgeStage> {
  const server = await startGitLabServer();
  const project = await server.add('acme/shop');
  const { stored } = project;
  const { token: secret, revoke } = server.token('gantry-person');
  const open = (what: { repository?: string; token?: string }) =>
    openForge('gitlab', {
      baseUrl: server.url,
      repository: what.repository ?? 'acme/shop',
      auth: { kind: 'token', token: what.token ?? secret },
      fetch,
      runGit,
    });
  return {
    kind: 'gitlab',
    forge: await open({}),
    cloneUrl: project.url,
    path: stored.directory,
    open,
    commit: project.commit,
    addEmpty: async () => {
      await server.add('acme/empty', { commits: [] });
      return open({ repository: 'acme/empty' });
    },
    issue: async (title, description) => {
      const iid = stored.issues.length + 1;
      const about = { iid, title, description, state: 'opened', by: 'stranger' } as const;
      stored.issues.push({ ...about, labels: [], notes: [] });
      return iid;
    },
    label: (number, label) => void stored.issues[number - 1]?.labels.push(label),
    comment: async (number, body, by = 'stranger') => {
      const id = nextId();
      stored.issues[number - 1]?.notes.push({ id, by, body, system: false });
      return String(id);
    },
    commentPull: async (number, body, by = 'stranger') => {
      const id = nextId();
      stored.pulls[number - 1]?.notes.push({ id, by, body, system: false });
      return String(id);
    },
    pull: async (title, description, head) => {
      const sha = await project.commit({ branch: head, files: { [`${head}.txt`]: 'x\n' } });
      const iid = stored.pulls.length + 1;
      const target = { name: 'main', sha };
      const about = {
        iid,
        title,
        description,
        state: 'opened',
        labels: [],
        by: 'stranger',
        notes: [],
      } as const;
      stored.pulls.push({ ...about, labels: [], notes: [], fork: true, source: { name: head, sha }, target });
      return iid;
    },
    member: (login, level) => void stored.members.set(login, { read: 20, write: 30, admin: 40 }[level] as 20),
    check: (sha, { name, state, log = null }) =>
      void stored.jobs.push({
        ...{ id: nextId(), sha, name, description: null, allowFailure: false, log },
        status: { pending: 'running', passed: 'success', failed: 'failed' }[state],
      }),
    review: async (number, by, body, thread) => {
      const id = nextId();
      const discussion = thread ?? id.toString(16).padStart(40, 'd');
      const place = thread === undefined ? { position: { path: 'a.txt', line: 3 } } : {};
      const note = { id, by, body, system: false, resolved: false, discussion, ...place };
      stored.pulls[number - 1]?.notes.push(note);
      return String(id);
    },
    resolve: (number, thread) => {
      for (const note of stored.pulls[number - 1]?.notes ?? [])
        if (note.discussion === thread) note.resolved = true;
    },
    merge: (number) => {
      const pull = stored.pulls[number - 1];
      if (pull) pull.state = 'merged';
    },
    thread: (number, thread) =>
      (stored.pulls[number - 1]?.notes ?? []).filter(({ discussion }) => discussion === thread),
    statuses: () =>
      stored.statuses.map((each) => ({ ...each, state: each.state === 'failed' ? 'failure' : each.state })),
    fail: (fault) => {
      server.faults.clear();
      if (fault !== null) server.faults.add(/projects\/acme%2Fshop/, fault, 1000);
    },
    revoke,
    archive: (isArchived) => {
      stored.archived = isArchived;
    },
    lines: () => server.requests.map(({ line }) => line),
    secret,
    unchecked: null,
    violations: () => server.violations,
    close: () => server.close(),
  };
}

function issueOf({ stored }: GitHubRepository, number: number) {
  const found = stored.issues.find((each) => each.number === number);
  if (!found) throw new Error(`There is no issue ${number}.`);
  return found;
}

/** How the driver of `kind` is opened by a credential of its own. */
export function openAt(
  kind: ForgeKind,
  baseUrl: string,
  repository: string,
  auth: ForgeAuth,
): Promise<Forge> {
  return openForge(kind, { baseUrl, repository, auth, fetch, runGit });
}
