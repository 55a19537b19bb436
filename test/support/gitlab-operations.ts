import type { AccessTokenScopes, CommitablePipelineStatus } from '@gitbeaker/rest';
import type { Operation } from './forge-rest.ts';
import { git, splitDiff } from './git-repository.ts';
import { newSecret, nextId } from './github-state.ts';
import * as bodies from './gitlab-bodies.ts';
import type {
  GitLabNote,
  GitLabPull,
  GitLabState,
  GitLabToken,
  Level,
  StoredProject,
} from './gitlab-state.ts';

export interface GitLabCall {
  readonly state: GitLabState;
  readonly web: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly token: GitLabToken | undefined;
  readonly project: StoredProject;
}

export type GitLabAnswer =
  | { readonly status: number; readonly body?: unknown; readonly text?: string }
  | { readonly list: readonly unknown[] };

export interface GitLabOperation extends Operation {
  /** Least level in the project; null needs a token only. */
  readonly level: number | null;
  readonly writes: boolean;
  readonly run: (call: GitLabCall) => Promise<GitLabAnswer> | GitLabAnswer;
}

export const project = '/projects/{project}';
const pulls = `${project}/merge_requests`;
const one = `${pulls}/{iid}`;
export const unknown = (what: string): GitLabAnswer => ({
  status: 404,
  body: { message: `404 ${what} Not Found` },
});

export const gitLabOperations: readonly GitLabOperation[] = [
  at('GET', '/user', null, ({ web, token }) => ({
    status: 200,
    body: bodies.userBody(web, token?.username ?? ''),
  })),
  at('GET', project, 10, async ({ web, project, token }) => {
    const empty = (await branchesOf(project)).length === 0;
    return { status: 200, body: bodies.projectBody(web, project, empty, token?.level ?? 0) };
  }),
  at('GET', `${project}/repository/branches`, 20, async ({ web, project }) => ({
    list: (await branchesOf(project)).map(({ name, sha }) => bodies.branchBody(web, project, name, sha)),
  })),
  at('GET', `${project}/repository/branches/{branch}`, 20, async ({ web, project, parameters }) => {
    const found = (await branchesOf(project)).find(({ name }) => name === parameters['branch']);
    return found
      ? { status: 200, body: bodies.branchBody(web, project, found.name, found.sha) }
      : unknown('Branch');
  }),
  at('GET', pulls, 20, ({ web, project, query }) => {
    const [state, source] = [query.get('state') ?? 'all', query.get('source_branch')];
    const found = project.pulls.filter(
      (each) => (state === 'all' || each.state === state) && (source === null || each.source.name === source),
    );
    return { list: found.toReversed().map((each) => bodies.pullBody(web, project, each, false)) };
  }),
  at('POST', pulls, 30, openPull),
  at('GET', one, 20, async (call) => {
    const pull = pullOf(call);
    const branches = pull && !pull.fork ? await branchesOf(call.project) : [];
    const pushed = branches.find(({ name }) => name === pull?.source.name);
    if (pull && pushed) pull.source = pushed;
    return pull
      ? { status: 200, body: bodies.pullBody(call.web, call.project, pull, true) }
      : unknown('Not found');
  }),
  at('PUT', one, 30, (call) => {
    const pull = pullOf(call);
    if (!pull) return unknown('Not found');
    const { title, description, state_event, add_labels } = call.body;
    if (typeof title === 'string') pull.title = title;
    if (typeof description === 'string') pull.description = description;
    if (typeof add_labels === 'string')
      pull.labels = [...new Set([...pull.labels, ...add_labels.split(',')])];
    if (state_event === 'close') pull.state = 'closed';
    if (state_event === 'reopen') pull.state = 'opened';
    return { status: 200, body: bodies.pullBody(call.web, call.project, pull, true) };
  }),
  at('GET', `${one}/raw_diffs`, 20, async (call) => {
    const pull = pullOf(call);
    if (!pull || !call.state.rawDiffs) return unknown('Not found');
    return {
      status: 200,
      text: await git(call.project.directory, ['diff', `${pull.target.sha}...${pull.source.sha}`]),
    };
  }),
  at('GET', `${one}/diffs`, 20, async (call) => {
    const pull = pullOf(call);
    if (!pull) return unknown('Not found');
    const range = `${pull.target.sha}...${pull.source.sha}`;
    const text = await git(call.project.directory, ['-c', 'core.quotePath=false', 'diff', range]);
    return { list: splitDiff(text).map(({ path, patch }) => bodies.fileBody(path, patch)) };
  }),
  at('GET', `${project}/issues/{iid}`, 10, (call) => {
    const issue = issueOf(call);
    return issue
      ? { status: 200, body: bodies.issueBody(call.web, call.project, issue) }
      : unknown('Not found');
  }),
  ...notes('merge_requests', 'MergeRequest', pullOf),
  ...notes('issues', 'Issue', issueOf),
  at('POST', `${project}/statuses/{sha}`, 30, ({ web, project, parameters, body, token }) => {
    const [sha = '', name, state] = [parameters['sha'], String(body['name']), String(body['state'])];
    const last = project.statuses.findLast((each) => each.sha === sha && each.context === name);
    if (last?.state === state)
      return { status: 400, body: { message: `Cannot transition status via :enqueue from :${state}` } };
    const description = String(body['description']);
    if (!isStatus(state) || description.length > 255) return { status: 400, body: { message: 'invalid' } };
    project.statuses.push({ sha, context: name, state });
    return {
      status: 201,
      body: bodies.statusBody(web, token?.username ?? '', sha, { name, state, description }),
    };
  }),
  at('POST', `${project}/access_tokens`, 40, makeToken),
  at('DELETE', `${project}/access_tokens/{id}`, 40, ({ state, parameters, project }) => {
    const found = [...state.tokens.values()].find(
      (each) => String(each.id) === parameters['id'] && each.project === project.path,
    );
    if (!found) return unknown('Access token');
    state.tokens.delete(found.token);
    return { status: 204 };
  }),
];

/** One operation. */
export function at(
  method: string,
  route: string,
  level: number | null,
  run: GitLabOperation['run'],
): GitLabOperation {
  return { method, route, level, writes: method !== 'GET', run };
}

function notes(
  on: string,
  type: 'Issue' | 'MergeRequest',
  find: (call: GitLabCall) => { readonly iid: number; readonly notes: GitLabNote[] } | undefined,
): GitLabOperation[] {
  const all = `${project}/${on}/{iid}/notes`;
  return [
    at('GET', all, 10, (call) => {
      const found = find(call);
      if (!found) return unknown('Not found');
      const inOrder = call.query.get('sort') === 'asc' ? found.notes : found.notes.toReversed();
      return {
        list: inOrder.map((note) => bodies.noteBody(call.web, call.project, { type, iid: found.iid }, note)),
      };
    }),
    at('POST', all, 10, (call) => {
      const found = find(call);
      if (!found) return unknown('Not found');
      const note = {
        id: nextId(),
        by: call.token?.username ?? '',
        body: String(call.body['body']),
        system: false,
      };
      found.notes.push(note);
      return { status: 201, body: bodies.noteBody(call.web, call.project, { type, iid: found.iid }, note) };
    }),
    at('PUT', `${all}/{note}`, 10, (call) => {
      const found = find(call);
      const note = found?.notes.find(({ id }) => String(id) === call.parameters['note']);
      if (!found || !note) return unknown('Note');
      note.body = String(call.body['body']);
      return { status: 200, body: bodies.noteBody(call.web, call.project, { type, iid: found.iid }, note) };
    }),
  ];
}

async function openPull({ web, project, body, token }: GitLabCall): Promise<GitLabAnswer> {
  const branches = await branchesOf(project);
  const source = branches.find(({ name }) => name === body['source_branch']);
  const target = branches.find(({ name }) => name === body['target_branch']);
  if (!source || !target) return { status: 422, body: { message: ['Source branch does not exist'] } };
  if (String(body['title']).length > 255)
    return { status: 400, body: { message: { title: ['is too long (maximum is 255 characters)'] } } };
  const same = project.pulls.find(
    (each) => each.state === 'opened' && !each.fork && each.source.name === source.name,
  );
  if (same) {
    const message = [`Another open merge request already exists for this source branch: !${same.iid}`];
    return { status: 409, body: { message } };
  }
  const pull: GitLabPull = {
    ...{
      iid: project.pulls.length + 1,
      title: String(body['title']),
      description: String(body['description'] ?? ''),
    },
    ...{ state: 'opened', labels: typeof body['labels'] === 'string' ? body['labels'].split(',') : [] },
    ...{ by: token?.username ?? '', fork: false, source, target, notes: [] },
  };
  project.pulls.push(pull);
  return { status: 201, body: bodies.pullBody(web, project, pull, true) };
}

function makeToken({ state, project, body }: GitLabCall): GitLabAnswer {
  if (!state.projectTokens) return { status: 400, body: { message: 'Project access token creation failed' } };
  const { scopes, access_level, expires_at, name } = body;
  if (!Array.isArray(scopes) || typeof expires_at !== 'string')
    return { status: 400, body: { error: 'scopes is missing, expires_at is missing' } };
  const made: GitLabToken = {
    ...{
      id: nextId(),
      token: newSecret('glpat-'),
      username: `project_${project.id}_bot`,
      project: project.path,
    },
    ...{ scopes: scopes as AccessTokenScopes[], level: Number(access_level) as Level, expiresAt: expires_at },
  };
  state.tokens.set(made.token, made);
  return { status: 201, body: bodies.tokenBody(made, String(name)) };
}

async function branchesOf({ directory }: StoredProject): Promise<{ name: string; sha: string }[]> {
  const lines = await git(directory, [
    'for-each-ref',
    '--format=%(objectname) %(refname:lstrip=2)',
    'refs/heads',
  ]);
  return lines
    .split('\n')
    .filter(Boolean)
    .map((line) => ({ sha: line.slice(0, 40), name: line.slice(41) }));
}

function isStatus(state: string): state is CommitablePipelineStatus {
  return ['pending', 'running', 'success', 'failed', 'canceled'].includes(state);
}

/** The merge request that the address names. */
export function pullOf({ project, parameters }: GitLabCall): GitLabPull | undefined {
  return project.pulls.find(({ iid }) => String(iid) === parameters['iid']);
}

function issueOf({ project, parameters }: GitLabCall) {
  return project.issues.find(({ iid }) => String(iid) === parameters['iid']);
}
