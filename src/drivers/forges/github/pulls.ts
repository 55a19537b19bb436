import { GantryError } from '../../../base/errors.ts';
import type { Forge, NewPull, Pull, PullState } from '../../../resources/ports/forge.ts';
import { fitTitle } from '../fit.ts';
import { hasMarker, keepMarker, withMarker, withoutMarker } from '../marker.ts';
import type { GitHubAct, GitHubPlace } from './client.ts';
import { setDraft } from './draft.ts';
import { readPullDiff } from './pull-diff.ts';
import { labelNames, labelsReply, pullReply, type PullReply } from './replies.ts';

const root = '/repos/{owner}/{repo}';
const one = `${root}/pulls/{pull_number}`;

export function createPulls(
  place: GitHubPlace,
): Pick<Forge, 'pull' | 'pulls' | 'openPull' | 'updatePull' | 'pullDiff'> {
  const { client, at } = place;
  const reads: GitHubAct = {
    doing: `read pull requests of ${place.name}`,
    needs: 'the permission "Pull requests: read"',
    purpose: 'read',
  };
  const writes: GitHubAct = {
    doing: `change pull requests of ${place.name}`,
    needs: 'the permission "Pull requests: write"',
    purpose: 'write',
  };
  const get = (number: number) => client.ask(reads, `GET ${one}`, { ...at, pull_number: number }, pullReply);

  async function* list(state: 'open' | 'closed' | 'all', head?: string): AsyncGenerator<PullReply> {
    const from = head === undefined ? {} : { head: head.includes(':') ? head : `${at.owner}:${head}` };
    const parameters = { ...at, state, sort: 'created', direction: 'desc', ...from };
    yield* client.list(reads, `GET ${root}/pulls`, parameters, pullReply);
  }
  async function findOurs(pull: NewPull, key: string): Promise<PullReply | undefined> {
    const login = await place.login();
    for await (const each of list('all', pull.head))
      if (each.user?.login === login && hasMarker(each.body, key)) return each;
    return undefined;
  }
  async function create({ title, body, head, base, draft }: NewPull, key: string): Promise<PullReply> {
    const parameters = { ...at, title: fitTitle(title), body: withMarker(body, key), head, base };
    const act = { ...writes, doing: `open a pull request on ${place.name}` };
    try {
      return await client.ask(act, `POST ${root}/pulls`, { ...parameters, draft }, pullReply);
    } catch (error) {
      // Private repositories of free accounts have no drafts.
      const refused =
        error instanceof GantryError && /draft pull requests are not/i.test(String(error.cause));
      if (!draft || !refused) throw error;
      return client.ask(act, `POST ${root}/pulls`, { ...parameters, draft: false }, pullReply);
    }
  }
  return {
    pull: async (number) => toPull(await get(number)),
    pulls: async function* ({ state, head }) {
      for await (const each of list(state === 'merged' ? 'closed' : state, head)) {
        const pull = toPull(each);
        if (state === 'all' || pull.state === state) yield pull;
      }
    },
    openPull: async (pull, key) => {
      const opened = (await findOurs(pull, key)) ?? (await create(pull, key));
      const present = labelNames(opened.labels);
      const lacking = (pull.labels ?? []).filter((label) => !present.includes(label));
      if (lacking.length === 0) return toPull(opened);
      const parameters = { ...at, issue_number: opened.number, labels: lacking };
      const route = `POST ${root}/issues/{issue_number}/labels`;
      const all = await client.ask(writes, route, parameters, labelsReply);
      return toPull({ ...opened, labels: all });
    },
    updatePull: async (number, { draft, body, title, state }) => {
      let now = await get(number);
      const fields = {
        ...(title !== undefined && { title: fitTitle(title) }),
        ...(body !== undefined && { body: keepMarker(body, now.body) }),
        ...(state !== undefined && { state }),
      };
      if (Object.keys(fields).length > 0) {
        const parameters = { ...at, pull_number: number, ...fields };
        now = await client.ask(writes, `PATCH ${one}`, parameters, pullReply);
      }
      if (draft === undefined || draft === (now.draft ?? false)) return toPull(now);
      await setDraft(place, writes, now.node_id, draft);
      return toPull({ ...now, draft });
    },
    pullDiff: (number, maxBytes) => readPullDiff(place, reads, number, maxBytes),
  };
}

function toPull(reply: PullReply): Pull {
  const { head, base } = reply;
  return {
    number: reply.number,
    title: reply.title,
    body: withoutMarker(reply.body),
    state: stateOf(reply),
    isDraft: reply.draft ?? false,
    author: reply.user?.login ?? 'ghost',
    webUrl: reply.html_url,
    head: { branch: head.ref, commit: head.sha, isFork: head.repo?.id !== base.repo?.id },
    base: { branch: base.ref, commit: base.sha },
    labels: labelNames(reply.labels),
    hasConflicts: typeof reply.mergeable === 'boolean' ? !reply.mergeable : null,
    updatedAt: new Date(reply.updated_at),
  };
}

function stateOf({ state, merged_at }: PullReply): PullState {
  return state === 'open' ? 'open' : merged_at === null ? 'closed' : 'merged';
}
