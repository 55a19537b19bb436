import { nextId } from './github-state.ts';
import { noteBody, userBody } from './gitlab-bodies.ts';
import { at, project, pullOf, unknown, type GitLabCall, type GitLabOperation } from './gitlab-operations.ts';
import type { GitLabJob, GitLabNote, GitLabPull } from './gitlab-state.ts';

const all = `${project}/merge_requests/{iid}/discussions`;

/** Discussions, jobs and members, as GitLab's REST API gives them. */
export const gitLabReviewOperations: readonly GitLabOperation[] = [
  at('GET', '/users', null, ({ web, query, state }) => {
    const wanted = query.get('username')?.toLowerCase();
    const names = [...state.projects.values()].flatMap(({ members }) => [...members.keys()]);
    const found = [...new Set([...names, 'stranger'])].filter((name) => name.toLowerCase() === wanted);
    return { list: found.map((name) => ({ ...userBody(web, name), id: idOf(name) })) };
  }),
  at('GET', `${project}/members/all/{user}`, 10, ({ web, project, parameters }) => {
    const found = [...project.members].find(([name]) => String(idOf(name)) === parameters['user']);
    if (!found) return unknown('Not found');
    const [name, level] = found;
    return { status: 200, body: { ...userBody(web, name), access_level: level, membership_state: 'active' } };
  }),
  at('GET', `${project}/repository/commits/{sha}/statuses`, 20, ({ project, parameters }) => ({
    list: project.jobs.filter(({ sha }) => sha === parameters['sha']).map(jobBody),
  })),
  at('GET', `${project}/jobs/{job}/trace`, 20, ({ project, parameters }) => {
    const found = project.jobs.find(({ id }) => String(id) === parameters['job']);
    return found?.log ? { status: 200, text: found.log } : unknown('Not found');
  }),
  at('GET', all, 20, (call) => {
    const pull = pullOf(call);
    if (!pull) return unknown('Not found');
    return { list: idsOf(pull).map((id) => discussionBody(call, pull, id)) };
  }),
  at('GET', `${all}/{discussion}`, 20, (call) => {
    const [pull, id = ''] = [pullOf(call), call.parameters['discussion']];
    if (!pull || !idsOf(pull).includes(id)) return unknown('Discussion');
    return { status: 200, body: discussionBody(call, pull, id) };
  }),
  at('POST', `${all}/{discussion}/notes`, 20, (call) => {
    const [pull, id = ''] = [pullOf(call), call.parameters['discussion']];
    if (!pull || !idsOf(pull).includes(id)) return unknown('Discussion');
    const note: GitLabNote = {
      ...{ id: nextId(), by: call.token?.username ?? '', body: String(call.body['body']), system: false },
      discussion: id,
    };
    pull.notes.push(note);
    const on = { type: 'MergeRequest', iid: pull.iid } as const;
    return { status: 201, body: noteBody(call.web, call.project, on, note) };
  }),
];

function idOf(name: string): number {
  return [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 1_000_003;
}

function jobBody({ id, sha, name, status, description, allowFailure }: GitLabJob): object {
  const times = { created_at: '2026-01-02T03:04:05.678Z', started_at: null, finished_at: null };
  return { id, sha, ref: 'main', name, status, description, allow_failure: allowFailure, ...times };
}

/* Every note that stands alone is a discussion of one. */
function idsOf({ notes }: GitLabPull): string[] {
  return [...new Set(notes.map((note) => note.discussion ?? aloneId(note)))];
}

function aloneId({ id }: GitLabNote): string {
  return id.toString(16).padStart(40, 'a');
}

function discussionBody({ web, project }: GitLabCall, pull: GitLabPull, id: string): object {
  const on = { type: 'MergeRequest', iid: pull.iid } as const;
  const notes = pull.notes.filter((note) => (note.discussion ?? aloneId(note)) === id);
  const individual_note = notes.every((note) => note.discussion === undefined);
  return { id, individual_note, notes: notes.map((note) => noteBody(web, project, on, note)) };
}
