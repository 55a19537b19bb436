import type { z } from 'zod';
import type { Forge, ForgeComment, Thread } from '../../../resources/ports/forge.ts';
import { hasMarker, markedKey, withMarker, withoutMarker } from '../marker.ts';
import type { GitLabPlace } from './client.ts';
import { issueReply, noteReply } from './replies.ts';

type NoteReply = z.output<typeof noteReply>;

/** Issues, and what people wrote below issues and merge requests: notes, as GitLab calls them. */
export function createConversation(place: GitLabPlace): Pick<Forge, 'issue' | 'comments' | 'comment'> {
  const { client, name, path, login } = place;
  const reads = { doing: `read issues and comments of ${name}`, needs: 'the scope "read_api" or "api"' };
  const writes = { doing: `comment on ${name}`, needs: 'the scope "api" and at least the role Reporter' };
  const notesOf = ({ on, number }: Thread) =>
    `${path}/${on === 'pull' ? 'merge_requests' : 'issues'}/${number}/notes`;

  async function* list(thread: Thread): AsyncGenerator<NoteReply> {
    const order = { sort: 'asc', order_by: 'created_at' };
    for await (const each of client.list(reads, notesOf(thread), order, noteReply))
      if (!each.system) yield each;
  }
  async function findOurs(thread: Thread, key: string): Promise<NoteReply | undefined> {
    const mine = await login();
    for await (const each of list(thread))
      if (each.author?.username === mine && hasMarker(each.body, key)) return each;
    return undefined;
  }
  return {
    issue: async (number) => {
      const one = `${path}/issues/${number}`;
      const found = await client.ask(reads, ({ get }) => get(one, {}).then(({ body }) => body), issueReply);
      return {
        number: found.iid,
        title: found.title,
        body: found.description ?? '',
        state: found.state === 'opened' ? 'open' : 'closed',
        author: found.author?.username ?? 'ghost',
        labels: found.labels,
        webUrl: found.web_url,
      };
    },
    comments: async function* (thread) {
      // Below a pull, what belongs to a discussion stands among its reviews.
      for await (const each of list(thread))
        if (thread.on === 'issue' || !each.type) yield await toComment(place, thread, each);
    },
    comment: async (thread, text, key) => {
      const body = withMarker(text, key);
      const ours = await findOurs(thread, key);
      if (ours?.body === body) return toComment(place, thread, ours);
      const notes = notesOf(thread);
      const [method, to] = ours ? (['put', `${notes}/${ours.id}`] as const) : (['post', notes] as const);
      const sent = await client.ask(
        writes,
        ({ send }) => send(method, to, { body }).then((answer) => answer.body),
        noteReply,
      );
      return toComment(place, thread, sent);
    },
  };
}

/** A note as the port says it. Who Gantry is, is asked only where a text claims to be its own. */
export async function toComment(
  { endpoints, name, login }: GitLabPlace,
  { on, number }: Thread,
  { id, author, body, created_at }: NoteReply,
): Promise<ForgeComment> {
  const page = `${endpoints.web}/${name}/-/${on === 'pull' ? 'merge_requests' : 'issues'}/${number}`;
  const key = markedKey(body);
  return {
    id,
    author: author?.username ?? 'ghost',
    body: withoutMarker(body),
    createdAt: new Date(created_at),
    webUrl: `${page}#note_${id}`,
    key: key !== null && author?.username === (await login()) ? key : null,
  };
}
