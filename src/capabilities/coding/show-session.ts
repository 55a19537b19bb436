import { z } from 'zod';
import { GantryError } from '../../base/errors.ts';
import { strangersHeaders } from '../../base/strangers-headers.ts';
import { route, type ApiRoute } from '../../contract/api.ts';
import { pageQuerySchema } from '../../contract/problem.ts';
import { repositoryMeant } from '../../contract/repository-address.ts';
import { runFilterSchema, runPageSchema } from '../../contract/run-filter.ts';
import { isTerminal } from '../../contract/run-status.ts';
import { seesAll } from '../../contract/user.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Artifacts } from '../../resources/artifacts.ts';
import { asSession, readableSession, readSession, visibleSession } from './read-session.ts';
import { sessionRunSchema, sessionSchema } from './session-reply.ts';
import { sessionView, type SessionView } from './session-view.ts';
import type { KnownRepositories } from './start-session.ts';

const tag = 'sessions';
export const sessionParams = z.strictObject({
  id: z.string().describe('Id of the session, which is a run.'),
});

/** `GET /sessions`, a page of them. */
export function listRoute(kernel: Kernel, repositories: KnownRepositories): ApiRoute {
  return route({
    method: 'GET',
    path: '/sessions',
    summary: 'List sessions, the latest first',
    description:
      'Members see their own, admins and viewers all. A page may hold less than `limit`, as with `GET /runs`; `next` goes on.',
    tag,
    role: 'viewer',
    query: pageQuerySchema.extend({
      status: runFilterSchema.shape.status,
      q: runFilterSchema.shape.q,
      repo: runFilterSchema.shape.repository.describe('Name or address of a connected repository.'),
    }),
    replies: { 200: runPageSchema },
    handle: async ({ actor, query: { repo, q, ...query } }) => {
      const repository =
        repo === undefined ? undefined : (repositoryMeant(repo, await repositories().list())?.name ?? repo);
      const userId = seesAll(actor) ? undefined : actor.userId;
      const text = q === '' ? undefined : q;
      return { body: await kernel.list({ capability: 'coding', ...query, repository, text, userId }) };
    },
  });
}

/** `GET /sessions/:id`, with all that it stands at. */
export function showRoute(kernel: Kernel): ApiRoute {
  return route({
    method: 'GET',
    path: '/sessions/:id',
    summary: 'Show a session: where it stands, its goal and plan, its steps and commits, what it asks',
    tag,
    role: 'viewer',
    params: sessionParams,
    replies: { 200: sessionSchema },
    handle: async ({ actor, params: { id } }) => {
      const run = await readableSession(kernel, id, actor);
      return { body: await readSession(kernel, run.id) };
    },
  });
}

/** `DELETE /sessions/:id`: ends one that is going, forgets one that is over. */
export function removeRoute(kernel: Kernel): ApiRoute {
  return route({
    method: 'DELETE',
    path: '/sessions/:id',
    summary: 'Cancel a session that is going, or delete one that is over',
    description:
      'One that is going is cancelled, as with `POST /runs/:id/cancel`, and stays to be looked at (202). One that is over is ' +
      'deleted with all that belongs to it (204). What it pushed stays at the forge.',
    tag,
    role: 'member',
    params: sessionParams,
    replies: { 202: sessionRunSchema, 204: z.undefined() },
    handle: async ({ actor, params: { id } }) => {
      const run = await visibleSession(kernel, id, actor);
      if (!isTerminal(run.status))
        return { status: 202, body: asSession(await kernel.cancel(run.id, actor.userId)) };
      await kernel.discard(run.id);
      return { status: 204 };
    },
  });
}

/** `GET /sessions/:id/diff`: what it changes, as it was kept with each commit. */
export function diffRoute(kernel: Kernel, artifacts: Artifacts): ApiRoute {
  return route({
    method: 'GET',
    path: '/sessions/:id/diff',
    summary: 'Download what a session changes, as a patch',
    description: 'Of one step of its plan, or of all that it has committed so far.',
    tag,
    role: 'viewer',
    file: 'text/plain',
    params: sessionParams,
    query: z.strictObject({ step: z.string().max(100).optional().describe('Id of a step, such as `s1`.') }),
    replies: { 200: z.string() },
    handle: async ({ actor, params: { id }, query: { step } }) => {
      const run = await readableSession(kernel, id, actor);
      const states = await kernel.states(run.id);
      const now = new Map(states.map((state) => [state.key, state]));
      const files =
        step === undefined
          ? await wholePatch(artifacts, run.id, sessionView({ state: { now, changes: states } }))
          : [patchOf(sessionView({ state: { now, changes: states } }), step)];
      const name = `session-${run.id.slice(-8)}${step === undefined ? '' : `-${step}`}.patch`;
      const headers = { ...strangersHeaders(name), 'content-type': 'text/plain; charset=utf-8' };
      return { headers, download: joined(artifacts, run.id, files) };
    },
  });
}

/** The file of all that the branch changes when there is one, else those of the steps, in order. */
async function wholePatch(artifacts: Artifacts, runId: string, view: SessionView): Promise<string[]> {
  const all = (await artifacts.list(runId)).filter(({ name }) => name === 'all.patch').map(({ id }) => id);
  const latest = all.toSorted().at(-1);
  if (latest !== undefined) return [latest];
  return view.steps.flatMap(({ state }) => (state?.diffFile ? [state.diffFile] : []));
}

function patchOf({ steps }: SessionView, step: string): string {
  const found = steps.find(({ id }) => id === step);
  const file = found?.state?.diffFile;
  if (file) return file;
  const ids = steps.map(({ id }) => id).join(', ');
  const message = found
    ? `Step ${step} has changed nothing so far.`
    : `The session has no step "${step}".${ids === '' ? ' It has no plan yet.' : ` Its steps are ${ids}.`}`;
  throw new GantryError('NOT_FOUND', message);
}

async function* joined(
  artifacts: Artifacts,
  runId: string,
  files: readonly string[],
): AsyncGenerator<Uint8Array> {
  for (const id of files) {
    await artifacts.get(runId, id);
    yield* artifacts.read(id);
  }
}
