import { z } from 'zod';
import { route, type ApiRoute, type ServerSentEvent } from '../contract/api.ts';
import {
  inboxChangeSchema,
  inboxCountSchema,
  inboxDetailSchema,
  inboxPageSchema,
  type InboxCount,
} from '../contract/inbox.ts';
import { pageQuerySchema } from '../contract/problem.ts';
import type { Inbox } from '../resources/inbox/inbox.ts';

const tag = 'inbox';
const changed = z.object({ changed: z.int().describe('How many items were put away or brought back.') });

/** What waits for the person who asks, and what that person should know. */
export function inboxRoutes(inbox: Inbox): ApiRoute[] {
  return [listInbox(inbox), countInbox(inbox), showItem(inbox), archiveItems(inbox), restoreItems(inbox)];
}

function listInbox(inbox: Inbox): ApiRoute {
  return route({
    method: 'GET',
    path: '/inbox',
    summary: 'List what waits for you, then what is for your information',
    description:
      'Questions are answered with `POST /runs/:id/signals`. What fails the same way several times a day is one item with a count.',
    tag,
    role: 'viewer',
    query: pageQuerySchema.extend({
      archived: z
        .enum(['true', 'false'])
        .default('false')
        .describe('What was put away, and questions that are over.'),
    }),
    replies: { 200: inboxPageSchema },
    handle: async ({ actor, query: { archived, ...page } }) => ({
      body: await inbox.list(actor, { ...page, archived: archived === 'true' }),
    }),
  });
}

function countInbox(inbox: Inbox): ApiRoute {
  return route({
    method: 'GET',
    path: '/inbox/count',
    summary: 'Count what waits for you, or follow the count',
    description:
      'With `Accept: text/event-stream`, an event at once and after every change of the inbox, also one that leaves the count as it was.',
    tag,
    role: 'viewer',
    replies: { 200: inboxCountSchema },
    stream: inboxCountSchema,
    handle: async ({ actor, wantsStream, signal }) =>
      wantsStream
        ? { stream: asServerSent(inbox.follow(actor, signal)) }
        : { body: await inbox.count(actor) },
  });
}

async function* asServerSent(counts: AsyncIterable<InboxCount>): AsyncGenerator<ServerSentEvent> {
  let id = 0;
  for await (const data of counts) yield { id: String((id += 1)), event: 'inbox', data };
}

function showItem(inbox: Inbox): ApiRoute {
  return route({
    method: 'GET',
    path: '/inbox/:id',
    summary: 'Show an item with its question and the answer, if there is one',
    tag,
    role: 'viewer',
    params: z.strictObject({ id: z.string() }),
    replies: { 200: inboxDetailSchema },
    handle: async ({ actor, params }) => ({ body: await inbox.get(actor, params.id) }),
  });
}

function archiveItems(inbox: Inbox): ApiRoute {
  return route({
    method: 'POST',
    path: '/inbox/archive',
    summary: 'Put items away, for yourself alone',
    description: 'A question still waits after that. What happens again comes back.',
    tag,
    role: 'viewer',
    audit: { excused: 'It changes only what one person sees in an own list.' },
    body: inboxChangeSchema,
    replies: { 200: changed },
    handle: async ({ actor, body }) => {
      const what = { ids: body.ids ?? [], information: body.information ?? false };
      return { body: { changed: await inbox.archive(actor, what) } };
    },
  });
}

function restoreItems(inbox: Inbox): ApiRoute {
  return route({
    method: 'POST',
    path: '/inbox/restore',
    summary: 'Bring items back that you put away',
    tag,
    role: 'viewer',
    audit: { excused: 'It changes only what one person sees in an own list.' },
    body: z.strictObject({ ids: z.array(z.uuid()).max(500) }),
    replies: { 200: changed },
    handle: async ({ actor, body }) => ({ body: { changed: await inbox.restore(actor, body.ids) } }),
  });
}
