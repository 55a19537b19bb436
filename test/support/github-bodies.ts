import type {
  Account,
  Installation,
  Permissions,
  StoredComment,
  StoredIssue,
  StoredRepository,
} from './github-state.ts';

/** The long answers of GitHub's REST API, complete as its description wants them. */
export interface Bodies {
  user(account: Account): object;
  ownUser(account: Account): object;
  repository(stored: StoredRepository, size: number, permissions: object | null): object;
  branch(stored: StoredRepository, name: string, sha: string): object;
  branchWithProtection(stored: StoredRepository, name: string, sha: string): object;
  pull(stored: StoredRepository, issue: StoredIssue, whole: boolean): object;
  issue(stored: StoredRepository, issue: StoredIssue): object;
  comment(stored: StoredRepository, issue: StoredIssue, comment: StoredComment): object;
  label(stored: StoredRepository, name: string): object;
  status(stored: StoredRepository, status: Readonly<Record<string, unknown>>, by: Account): object;
  installation(installation: Installation, app: { readonly id: number; readonly slug: string }): object;
  app(app: { readonly id: number; readonly slug: string; readonly permissions: Permissions }): object;
}

const userPaths =
  'followers following gists starred subscriptions organizations repos events received_events';
const repositoryPaths =
  'archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads events forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels languages merges milestones notifications pulls releases stargazers statuses subscribers subscription tags teams trees';
const pullPaths = 'comments commits review_comment review_comments statuses diff patch issue';
const when = '2026-01-02T03:04:05Z';

export function createBodies(api: string, web: string): Bodies {
  const user: Bodies['user'] = ({ login, type }) => ({
    ...{ login, id: login.length, node_id: `U_${login}`, avatar_url: `${web}/${login}.png`, gravatar_id: '' },
    ...{ url: `${api}/users/${login}`, html_url: `${web}/${encodeURIComponent(login)}` },
    ...urls(`${api}/users/${login}`, userPaths),
    ...{ type, site_admin: false },
  });
  const minimal = (stored: StoredRepository) => ({
    ...{ id: stored.id, node_id: `R_${stored.id}`, name: stored.name.split('/')[1], full_name: stored.name },
    ...{ owner: user({ login: stored.name.split('/')[0] ?? '', type: 'User' }), private: stored.private },
    ...{
      html_url: `${web}/${stored.name}`,
      description: null,
      fork: false,
      url: `${api}/repos/${stored.name}`,
    },
    ...urls(`${api}/repos/${stored.name}`, repositoryPaths),
    ...{ clone_url: `${web}/${stored.name}.git`, git_url: `git://forge/${stored.name}.git` },
    ...{ ssh_url: `git@forge:${stored.name}.git`, svn_url: `${web}/${stored.name}`, mirror_url: null },
    ...{ homepage: null, language: null, forks: 0, forks_count: 0, stargazers_count: 0, watchers: 0 },
    ...{ watchers_count: 0, size: 1, default_branch: 'main', open_issues: 0, open_issues_count: 0 },
    ...{
      has_issues: true,
      has_projects: true,
      has_wiki: true,
      has_pages: false,
      has_discussions: false,
      has_downloads: true,
    },
    ...{ archived: stored.archived, disabled: false, license: null, pushed_at: when },
    ...{ created_at: when, updated_at: when, allow_forking: true, is_template: false, topics: [] },
    ...{ visibility: stored.private ? 'private' : 'public', web_commit_signoff_required: false },
  });
  const place = (stored: StoredRepository) => `${api}/repos/${stored.name}`;
  const label: Bodies['label'] = (stored, name) => ({
    ...{ id: name.length, node_id: `L_${name.length}`, url: `${place(stored)}/labels/x`, name },
    ...{ description: '', color: 'ededed', default: false },
  });
  const gitUser = { name: 'Ada', email: 'ada@example.com', date: when };
  return {
    user,
    ownUser: (account) => ({
      ...user(account),
      ...{ name: null, company: null, blog: null, location: null, email: null, hireable: null, bio: null },
      ...{ public_repos: 0, public_gists: 0, followers: 0, following: 0, created_at: when, updated_at: when },
    }),
    repository: (stored, size, permissions) => ({
      ...minimal(stored),
      ...{ size, network_count: 0, subscribers_count: 0, ...(permissions && { permissions }) },
    }),
    branch: (stored, name, sha) => ({
      ...{ name, commit: { sha, url: `${place(stored)}/commits/${sha}` } },
      protected: stored.protectedBranches.has(name),
    }),
    branchWithProtection: (stored, name, sha) => ({
      name,
      commit: {
        ...{
          sha,
          node_id: `C_${sha}`,
          url: `${place(stored)}/commits/${sha}`,
          author: null,
          committer: null,
        },
        ...{ html_url: `${web}/${stored.name}/commit/${sha}`, comments_url: `${place(stored)}/comments` },
        commit: {
          ...{ author: gitUser, committer: gitUser, message: 'Change', comment_count: 0, url: place(stored) },
          tree: { sha, url: `${place(stored)}/git/trees/${sha}` },
        },
        parents: [],
      },
      _links: { html: `${web}/${stored.name}/tree/${name}`, self: `${place(stored)}/branches/${name}` },
      protected: stored.protectedBranches.has(name),
      protection: { enabled: stored.protectedBranches.has(name) },
      protection_url: `${place(stored)}/branches/${name}/protection`,
    }),
    pull: (stored, issue, whole) => {
      const { pull } = issue;
      if (!pull) throw new Error('That issue is no pull.');
      const self = `${place(stored)}/pulls/${issue.number}`;
      const side = (ref: string, sha: string, fork: string | null) => ({
        ...{ label: `${(fork ?? stored.name).split('/')[0]}:${ref}`, ref, sha },
        user: user({ login: stored.name.split('/')[0] ?? '', type: 'User' }),
        repo:
          fork === null
            ? minimal(stored)
            : { ...minimal(stored), id: stored.id + 1, full_name: fork, fork: true },
      });
      const paths = urls(self, pullPaths);
      return {
        ...{ url: self, id: issue.number, node_id: `PR_${stored.id}_${issue.number}`, number: issue.number },
        ...{
          html_url: `${web}/${stored.name}/pull/${issue.number}`,
          state: issue.state,
          locked: false,
          ...paths,
        },
        ...{ title: issue.title, body: issue.body, user: user(issue.by), draft: pull.draft },
        labels: issue.labels.map((name) => label(stored, name)),
        ...{ milestone: null, assignee: null, assignees: [], requested_reviewers: [], requested_teams: [] },
        ...{ created_at: issue.createdAt.toISOString(), updated_at: changedAt(issue).toISOString() },
        closed_at: issue.state === 'closed' ? when : null,
        ...{ merged_at: pull.mergedAt?.toISOString() ?? null, merge_commit_sha: null, auto_merge: null },
        head: side(pull.head.ref, pull.head.sha, pull.head.fork),
        base: side(pull.base.ref, pull.base.sha, null),
        _links: Object.fromEntries(
          'comments commits statuses html issue review_comments review_comment self'
            .split(' ')
            .map((name) => [name, { href: self }]),
        ),
        author_association: 'MEMBER',
        ...(whole && {
          ...{ additions: 1, changed_files: 1, comments: 0, commits: 1, deletions: 0, mergeable: true },
          ...{ mergeable_state: 'clean', merged: pull.mergedAt !== null, maintainer_can_modify: true },
          ...{ merged_by: null, review_comments: 0, rebaseable: true },
        }),
      };
    },
    issue: (stored, issue) => {
      const self = `${place(stored)}/issues/${issue.number}`;
      return {
        ...{
          url: self,
          repository_url: place(stored),
          ...urls(self, 'labels comments events'),
          id: issue.number,
        },
        ...{ node_id: `I_${issue.number}`, number: issue.number, title: issue.title, body: issue.body },
        ...{
          html_url: `${web}/${stored.name}/issues/${issue.number}`,
          user: user(issue.by),
          state: issue.state,
        },
        labels: issue.labels.map((name) => label(stored, name)),
        ...{ assignee: null, assignees: [], milestone: null, locked: false, comments: issue.comments.length },
        ...{
          closed_at: null,
          created_at: issue.createdAt.toISOString(),
          updated_at: issue.createdAt.toISOString(),
        },
        ...{ author_association: 'NONE' },
      };
    },
    comment: (stored, issue, { id, by, body, createdAt }) => ({
      ...{ id, node_id: `IC_${id}`, url: `${place(stored)}/issues/comments/${id}`, body, user: user(by) },
      html_url: `${web}/${stored.name}/issues/${issue.number}#issuecomment-${id}`,
      issue_url: `${place(stored)}/issues/${issue.number}`,
      ...{ created_at: createdAt.toISOString(), updated_at: createdAt.toISOString() },
      author_association: 'NONE',
    }),
    label,
    status: (stored, status, by) => ({
      ...{ url: `${place(stored)}/statuses/x`, avatar_url: null, id: 1, node_id: 'S_1', created_at: when },
      ...{ updated_at: when, creator: user(by), description: null, target_url: null, ...status },
    }),
    installation: ({ id, permissions, suspended }, app) => ({
      ...{
        id,
        account: user({ login: 'acme', type: 'User' }),
        repository_selection: 'selected',
        permissions,
      },
      ...{ access_tokens_url: `${api}/app/installations/${id}/access_tokens`, repositories_url: `${api}/i` },
      ...{
        html_url: `${web}/settings/installations/${id}`,
        app_id: app.id,
        app_slug: app.slug,
        target_id: 1,
      },
      ...{ target_type: 'Organization', events: ['push'], created_at: when, updated_at: when },
      ...{ single_file_name: null, suspended_by: null, suspended_at: suspended ? when : null },
    }),
    app: ({ id, slug, permissions }) => ({
      ...{ id, slug, node_id: `A_${id}`, owner: user({ login: 'acme', type: 'User' }), name: slug },
      ...{ description: null, external_url: web, html_url: `${web}/apps/${slug}`, events: [], permissions },
      ...{ created_at: when, updated_at: when },
    }),
  };
}

function urls(base: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [`${name}_url`, `${base}/${name}`]));
}

function changedAt({ createdAt, comments, pull }: StoredIssue): Date {
  const said = [...comments, ...(pull?.reviews ?? []), ...(pull?.reviewComments ?? [])];
  return new Date(
    Math.max(createdAt.getTime(), ...said.slice(-1000).map((each) => each.createdAt.getTime())),
  );
}
