import type {
  AccessTokenExposedSchema,
  BranchSchema,
  CommitStatusSchema,
  IssueSchema,
  MergeRequestDiffSchema,
  MergeRequestSchemaWithBasicLabels,
  NoteSchema,
  ProjectSchema,
} from '@gitbeaker/rest';
import type { GitLabIssue, GitLabNote, GitLabPull, GitLabToken, StoredProject } from './gitlab-state.ts';

/*
 * GitLab publishes no description of its API on npm, so the answers are held to the types of gitbeaker, which follow
 * GitLab's documentation: a field that lacks or has another type doesn't compile. What gitbeaker describes more strictly
 * than GitLab answers (null without members, optional parts) is widened by name.
 */
type Project = Omit<ProjectSchema, 'default_branch' | 'permissions' | 'owner'> & {
  readonly default_branch: string | null;
  readonly permissions: {
    readonly project_access: ProjectSchema['permissions']['project_access'] | null;
    readonly group_access: ProjectSchema['permissions']['group_access'] | null;
  };
};
type Pull = MergeRequestSchemaWithBasicLabels & {
  readonly diff_refs?: { readonly base_sha: string; readonly head_sha: string; readonly start_sha: string };
};

const when = '2026-01-02T03:04:05.678Z';

export function userBody(web: string, username: string) {
  return {
    ...{ id: username.length, name: username, username, state: 'active', locked: false },
    ...{ avatar_url: `${web}/a.png`, web_url: `${web}/${username}` },
  };
}

export function projectBody(web: string, stored: StoredProject, empty: boolean, level: number): Project {
  const [space = '', name = ''] = stored.path.split('/');
  const link = `${web}/${stored.path}`;
  const namespace = {
    id: 1,
    name: space,
    path: space,
    kind: 'group',
    full_path: space,
    web_url: `${web}/${space}`,
  };
  return {
    ...{
      id: stored.id,
      name,
      path: name,
      path_with_namespace: stored.path,
      name_with_namespace: stored.path,
    },
    ...{ description: null, description_html: '', visibility: stored.private ? 'private' : 'public' },
    ...{
      empty_repo: empty,
      default_branch: empty ? null : 'main',
      topics: [],
      created_at: when,
      updated_at: when,
    },
    ...{
      last_activity_at: when,
      ssh_url_to_repo: `git@gitlab:${stored.path}.git`,
      http_url_to_repo: `${link}.git`,
    },
    ...{ web_url: link, readme_url: null, forks_count: 0, avatar_url: null, star_count: 0, namespace },
    ...{ issues_enabled: true, open_issues_count: 0, merge_requests_enabled: true, jobs_enabled: true },
    ...{ wiki_enabled: true, snippets_enabled: true, can_create_merge_request_in: true, creator_id: 1 },
    ...{ resolve_outdated_diff_discussions: false, container_registry_access_level: 'enabled' },
    security_and_compliance_access_level: 'private',
    container_expiration_policy: {
      ...{ cadence: '1d', enabled: false, keep_n: 10, older_than: '90d', name_regex_delete: '.*' },
      ...{ name_regex_keep: null, next_run_at: when },
    },
    ...{ import_url: null, import_type: null, import_status: 'none', import_error: null },
    permissions: {
      project_access: { access_level: level, notification_level: 3 },
      group_access: null,
    },
    archived: stored.archived,
    ...{ license_url: '', license: { key: '', name: '', nickname: '', html_url: '', source_url: '' } },
    ...{
      shared_runners_enabled: true,
      group_runners_enabled: true,
      runners_token: '',
      ci_default_git_depth: 20,
    },
    ...{ ci_forward_deployment_enabled: true, ci_forward_deployment_rollback_allowed: true },
    ...{ ci_allow_fork_pipelines_to_run_in_parent_project: true, ci_separated_caches: true },
    ...{ ci_restrict_pipeline_cancellation_role: '', public_jobs: true, shared_with_groups: null },
    ...{ repository_storage: 'default', only_allow_merge_if_pipeline_succeeds: false },
    ...{ allow_merge_on_skipped_pipeline: false, restrict_user_defined_variables: false },
    ...{ only_allow_merge_if_all_discussions_are_resolved: false, remove_source_branch_after_merge: true },
    ...{ printing_merge_requests_link_enabled: true, request_access_enabled: true, merge_method: 'merge' },
    ...{
      squash_option: 'default_off',
      auto_devops_enabled: false,
      auto_devops_deploy_strategy: 'continuous',
    },
    ...{
      mirror: false,
      mirror_user_id: 0,
      mirror_trigger_builds: false,
      only_mirror_protected_branches: false,
    },
    ...{ mirror_overwrites_diverged_branches: false, external_authorization_classification_label: null },
    ...{
      packages_enabled: true,
      service_desk_enabled: false,
      service_desk_address: null,
      autoclose_referenced_issues: true,
    },
    ...{ suggestion_commit_message: null, enforce_auth_checks_on_uploads: true, merge_commit_template: null },
    ...{
      squash_commit_template: null,
      issue_branch_template: '',
      marked_for_deletion_on: '',
      warn_about_potentially_unwanted_characters: true,
    },
    ...{ compliance_frameworks: null, container_registry_image_prefix: '' },
    statistics: {
      ...{ commit_count: 1, storage_size: 1, repository_size: 1, wiki_size: 0, lfs_objects_size: 0 },
      ...{
        job_artifacts_size: 0,
        pipeline_artifacts_size: 0,
        packages_size: 0,
        snippets_size: 0,
        uploads_size: 0,
      },
      container_registry_size: 0,
    },
    _links: {
      ...{ self: link, issues: link, merge_requests: link, repo_branches: link, labels: link, events: link },
      ...{ members: link, cluster_agents: link },
    },
  };
}

export function branchBody(web: string, stored: StoredProject, name: string, sha: string): BranchSchema {
  return {
    ...{ name, merged: false, protected: stored.protectedBranches.has(name), default: name === 'main' },
    ...{ developers_can_push: false, developers_can_merge: false, can_push: true },
    web_url: `${web}/${stored.path}/-/tree/${encodeURIComponent(name)}`,
    commit: {
      ...{ id: sha, short_id: sha.slice(0, 8), title: 'Change', message: 'Change', parent_ids: [] },
      ...{ author_name: 'Ada', author_email: 'ada@example.com', authored_date: when, committed_date: when },
      ...{ committer_name: 'Ada', committer_email: 'ada@example.com' },
    },
  };
}

export function pullBody(web: string, stored: StoredProject, pull: GitLabPull, whole: boolean): Pull {
  const noTime = {
    time_estimate: 0,
    total_time_spent: 0,
    human_time_estimate: '',
    human_total_time_spent: '',
  };
  const draft = /^(draft:|\[draft\]|\(draft\))/i.test(pull.title);
  return {
    ...{
      id: pull.iid + 5000,
      iid: pull.iid,
      project_id: stored.id,
      title: pull.title,
      description: pull.description,
    },
    ...{
      state: pull.state,
      created_at: when,
      updated_at: new Date(Date.parse(when) + pull.notes.length * 1000).toISOString(),
      web_url: `${web}/${stored.path}/-/merge_requests/${pull.iid}`,
    },
    ...{
      merged_by: null,
      merged_at: null,
      closed_by: null,
      closed_at: null,
      target_branch: pull.target.name,
    },
    ...{
      source_branch: pull.source.name,
      user_notes_count: 0,
      upvotes: 0,
      downvotes: 0,
      author: userBody(web, pull.by),
    },
    ...{
      assignees: [],
      assignee: null,
      reviewers: [],
      source_project_id: pull.fork ? stored.id + 1 : stored.id,
    },
    ...{
      target_project_id: stored.id,
      labels: [...pull.labels],
      draft,
      work_in_progress: draft,
      milestone: null,
    },
    ...{
      merge_when_pipeline_succeeds: false,
      merge_status: 'can_be_merged',
      detailed_merge_status: 'mergeable',
    },
    ...{ sha: pull.source.sha, merge_commit_sha: null, squash_commit_sha: null, discussion_locked: null },
    ...{ should_remove_source_branch: null, force_remove_source_branch: false, reference: `!${pull.iid}` },
    references: { short: `!${pull.iid}`, relative: `!${pull.iid}`, full: `${stored.path}!${pull.iid}` },
    time_stats: noTime,
    ...{ squash: false, task_completion_status: { count: 0, completed_count: 0 }, prepared_at: when },
    ...{ has_conflicts: false, blocking_discussions_resolved: true, approvals_before_merge: null },
    ...(whole && {
      diff_refs: { base_sha: pull.target.sha, head_sha: pull.source.sha, start_sha: pull.target.sha },
    }),
  };
}

export function issueBody(web: string, stored: StoredProject, issue: GitLabIssue): IssueSchema {
  const link = `${web}/${stored.path}/-/issues/${issue.iid}`;
  return {
    ...{
      id: issue.iid + 9000,
      iid: issue.iid,
      project_id: stored.id,
      title: issue.title,
      description: issue.description,
    },
    ...{
      state: issue.state,
      author: userBody(web, issue.by),
      type: 'ISSUE',
      created_at: when,
      updated_at: when,
    },
    ...{
      labels: [...issue.labels],
      upvotes: 0,
      downvotes: 0,
      merge_requests_count: 0,
      user_notes_count: 0,
      due_date: '',
      web_url: link,
    },
    references: { short: `#${issue.iid}`, relative: `#${issue.iid}`, full: `${stored.path}#${issue.iid}` },
    time_stats: {
      time_estimate: 0,
      total_time_spent: 0,
      human_time_estimate: '',
      human_total_time_spent: '',
    },
    ...{
      has_tasks: false,
      task_status: '',
      confidential: false,
      discussion_locked: false,
      severity: 'UNKNOWN',
      subscribed: false,
    },
    _links: { self: link, notes: link, award_emoji: link, project: link },
    task_completion_status: { count: 0, completed_count: 0 },
  };
}

export function noteBody(
  web: string,
  stored: StoredProject,
  on: { readonly type: 'Issue' | 'MergeRequest'; readonly iid: number },
  note: GitLabNote,
): NoteSchema & { readonly type: 'DiffNote' | 'DiscussionNote' | null } {
  return {
    ...{ id: note.id, body: note.body, attachment: null, author: userBody(web, note.by), created_at: when },
    ...{
      updated_at: when,
      system: note.system,
      noteable_id: on.iid,
      noteable_type: on.type,
      noteable_iid: on.iid,
    },
    ...{ project_id: stored.id, resolvable: note.resolved !== undefined },
    type: note.position ? 'DiffNote' : note.discussion === undefined ? null : 'DiscussionNote',
    ...(note.resolved !== undefined && { resolved: note.resolved }),
    ...(note.position && { position: { new_path: note.position.path, new_line: note.position.line } }),
  };
}

export function statusBody(
  web: string,
  by: string,
  sha: string,
  status: {
    readonly name: string;
    readonly state: CommitStatusSchema['status'];
    readonly description: string;
  },
): CommitStatusSchema {
  return {
    ...{ id: 1, sha, ref: 'main', status: status.state, name: status.name, description: status.description },
    ...{ target_url: '', created_at: when, allow_failure: false, author: userBody(web, by) },
  };
}

export function tokenBody(token: GitLabToken, name: string): AccessTokenExposedSchema {
  return {
    ...{
      id: token.id,
      user_id: 77,
      name,
      scopes: token.scopes,
      active: true,
      revoked: false,
      created_at: when,
    },
    ...{ expires_at: token.expiresAt ?? '', access_level: token.level, token: token.token },
  };
}

export function fileBody(path: string, patch: string): MergeRequestDiffSchema {
  const hunks = patch.indexOf('@@');
  return {
    ...{ old_path: path, new_path: path, a_mode: '100644', b_mode: '100644' },
    ...{ new_file: patch.includes('new file'), renamed_file: false, deleted_file: false },
    diff: hunks === -1 ? '' : patch.slice(hunks),
  };
}
