import type { z } from 'zod';
import type { Forge, ReviewComment } from '../../../resources/ports/forge.ts';
import { hasMarker, withMarker } from '../marker.ts';
import type { GitLabPlace } from './client.ts';
import { toComment } from './conversation.ts';
import { discussionReply, noteReply } from './replies.ts';

type Discussion = z.output<typeof discussionReply>;

/** What GitLab calls discussions: comments on lines, and comments that were answered. */
export function createReviews(place: GitLabPlace): Pick<Forge, 'reviewComments' | 'reply'> {
  const { client, name, path } = place;
  const reads = { doing: `read reviews of ${name}`, needs: 'the scope "read_api" or "api"' };
  const writes = {
    doing: `answer a review of ${name}`,
    needs: 'the scope "api" and at least the role Reporter',
  };
  const discussionsOf = (pull: number) => `${path}/merge_requests/${pull}/discussions`;
  return {
    reviewComments: async function* (pull) {
      for await (const discussion of client.list(reads, discussionsOf(pull), {}, discussionReply))
        if (!discussion.individual_note) yield* commentsOf(place, pull, discussion);
    },
    reply: async (pull, { thread }, text, key) => {
      const on = { on: 'pull', number: pull } as const;
      const one = `${discussionsOf(pull)}/${encodeURIComponent(thread)}`;
      const { notes } = await client.ask(
        reads,
        ({ get }) => get(one, {}).then(({ body }) => body),
        discussionReply,
      );
      const mine = await place.login();
      const ours = notes.find((each) => each.author?.username === mine && hasMarker(each.body, key));
      if (ours) return toComment(place, on, ours);
      const body = withMarker(text, key);
      const sent = await client.ask(
        writes,
        ({ send }) => send('post', `${one}/notes`, { body }).then((answer) => answer.body),
        noteReply,
      );
      return toComment(place, on, sent);
    },
  };
}

async function* commentsOf(
  place: GitLabPlace,
  pull: number,
  { id: thread, notes }: Discussion,
): AsyncGenerator<ReviewComment> {
  // Answers to a comment on a line say nothing of the place.
  const position = notes[0]?.position;
  for (const note of notes) {
    if (note.system) continue;
    yield {
      ...(await toComment(place, { on: 'pull', number: pull }, note)),
      thread,
      path: position?.new_path ?? null,
      line: position?.new_line ?? null,
      isResolved: note.resolved ?? false,
    };
  }
}
