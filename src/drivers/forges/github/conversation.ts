import type { z } from 'zod';
import type { Forge, ForgeComment } from '../../../resources/ports/forge.ts';
import { hasMarker, markedKey, withMarker, withoutMarker } from '../marker.ts';
import type { GitHubAct, GitHubPlace } from './client.ts';
import { commentReply, issueReply, labelNames } from './replies.ts';

const root = '/repos/{owner}/{repo}/issues';
type CommentReply = z.output<typeof commentReply>;

/** Issues, and the comments of issues and pulls: at GitHub a pull is an issue too. */
export function createConversation(place: GitHubPlace): Pick<Forge, 'issue' | 'comments' | 'comment'> {
  const { client, at, name, login } = place;
  const reads: GitHubAct = {
    doing: `read issues and comments of ${name}`,
    needs: 'the permissions "Issues: read" and "Pull requests: read"',
    purpose: 'read',
  };
  const writes: GitHubAct = {
    doing: `comment on ${name}`,
    needs: 'the permissions "Issues: write" and "Pull requests: write"',
    purpose: 'write',
  };
  const list = (number: number): AsyncGenerator<CommentReply> =>
    client.list(reads, `GET ${root}/{issue_number}/comments`, { ...at, issue_number: number }, commentReply);

  async function findOurs(number: number, key: string): Promise<CommentReply | undefined> {
    const mine = await login();
    for await (const each of list(number))
      if (each.user?.login === mine && hasMarker(each.body ?? null, key)) return each;
    return undefined;
  }
  return {
    issue: async (number) => {
      const route = `GET ${root}/{issue_number}`;
      const found = await client.ask(reads, route, { ...at, issue_number: number }, issueReply);
      return {
        number: found.number,
        title: found.title,
        body: found.body ?? '',
        state: found.state === 'open' ? 'open' : 'closed',
        author: found.user?.login ?? 'ghost',
        labels: labelNames(found.labels),
        webUrl: found.html_url,
      };
    },
    comments: async function* ({ number }) {
      for await (const each of list(number)) yield await toComment(place, each);
    },
    comment: async ({ number }, text, key) => {
      const body = withMarker(text, key);
      const ours = await findOurs(number, key);
      if (ours?.body === body) return toComment(place, ours);
      const [route, parameters] = ours
        ? [`PATCH ${root}/comments/{comment_id}`, { comment_id: ours.id }]
        : [`POST ${root}/{issue_number}/comments`, { issue_number: number }];
      return toComment(place, await client.ask(writes, route, { ...at, ...parameters, body }, commentReply));
    },
  };
}

/** A comment as the port says it. Who Gantry is, is asked only where a text claims to be its own. */
export async function toComment(
  { login }: Pick<GitHubPlace, 'login'>,
  { id, user, body, created_at, html_url }: CommentReply,
): Promise<ForgeComment> {
  const key = markedKey(body ?? null);
  return {
    id,
    author: user?.login ?? 'ghost',
    body: withoutMarker(body ?? null),
    createdAt: new Date(created_at),
    webUrl: html_url,
    key: key !== null && user?.login === (await login()) ? key : null,
  };
}
