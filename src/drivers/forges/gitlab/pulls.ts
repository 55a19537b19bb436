import type { Forge, NewPull, Pull, PullState } from '../../../resources/ports/forge.ts';
import { fitTitle } from '../fit.ts';
import { hasMarker, keepMarker, withMarker, withoutMarker } from '../marker.ts';
import type { GitLabPlace } from './client.ts';
import { readPullDiff } from './pull-diff.ts';
import { pullReply, type PullReply } from './replies.ts';

/* What GitLab takes for a draft's mark at the beginning of a title. */
const draftMark = /^\s*(\[draft\]|draft:|\(draft\))\s*/i;
const states = { open: 'opened', closed: 'closed', merged: 'merged', all: 'all' } as const;
const noCommit = '0'.repeat(40);

/** Merge requests, by the number that they have in their project. */
export function createPulls(
  place: GitLabPlace,
): Pick<Forge, 'pull' | 'pulls' | 'openPull' | 'updatePull' | 'pullDiff'> {
  const { client, name, path } = place;
  const reads = {
    doing: `read merge requests of ${name}`,
    needs: 'the scope "read_api" or "api" and the role Reporter',
  };
  const writes = {
    doing: `change merge requests of ${name}`,
    needs: 'the scope "api" and the role Developer',
  };
  const get = (number: number) => client.ask(reads, ({ pulls }) => pulls.show(name, number), pullReply);
  const edit = (number: number, change: Readonly<Record<string, unknown>>) =>
    client.ask(writes, ({ pulls }) => pulls.edit(name, number, change), pullReply);

  async function* list(state: PullState | 'all', head?: string): AsyncGenerator<PullReply> {
    const from = head === undefined ? {} : { source_branch: head };
    const parameters = { state: states[state], order_by: 'created_at', sort: 'desc', ...from };
    yield* client.list(reads, `${path}/merge_requests`, parameters, pullReply);
  }
  async function findOurs(pull: NewPull, key: string): Promise<PullReply | undefined> {
    const login = await place.login();
    for await (const each of list('all', pull.head))
      if (each.author?.username === login && hasMarker(each.description ?? null, key)) return each;
    return undefined;
  }
  function create({ title, body, head, base, draft, labels = [] }: NewPull, key: string): Promise<PullReply> {
    const fields = {
      description: withMarker(body, key),
      ...(labels.length > 0 && { labels: joined(labels) }),
    };
    const act = { ...writes, doing: `open a merge request on ${name}` };
    return client.ask(
      act,
      ({ pulls }) => pulls.create(name, head, base, titled(title, draft), fields),
      pullReply,
    );
  }
  return {
    pull: async (number) => toPull(await get(number)),
    pulls: async function* ({ state, head }) {
      for await (const each of list(state, head)) yield toPull(each);
    },
    openPull: async (pull, key) => {
      const ours = await findOurs(pull, key);
      if (!ours) return toPull(await create(pull, key));
      const lacking = (pull.labels ?? []).filter((label) => !ours.labels.includes(label));
      return toPull(lacking.length === 0 ? ours : await edit(ours.iid, { addLabels: joined(lacking) }));
    },
    updatePull: async (number, { title, body, draft, state }) => {
      const now = await get(number);
      const wanted = titled(title ?? now.title, draft ?? now.draft);
      const moved = state !== undefined && state !== toPull(now).state;
      const change = {
        ...((title ?? draft) !== undefined && wanted !== now.title && { title: wanted }),
        ...(body !== undefined && { description: keepMarker(body, now.description ?? null) }),
        ...(moved && { stateEvent: state === 'open' ? 'reopen' : 'close' }),
      };
      return toPull(Object.keys(change).length === 0 ? now : await edit(number, change));
    },
    pullDiff: (number, maxBytes) => readPullDiff(place, reads, number, maxBytes),
  };
}

/* GitLab takes labels in one text, parted by commas. */
function joined(labels: readonly string[]): string {
  return labels.map((label) => label.replaceAll(',', ' ')).join(',');
}

function titled(title: string, draft: boolean): string {
  const bare = fitTitle(title.replace(draftMark, ''));
  return draft ? `Draft: ${bare}` : bare;
}

function toPull(reply: PullReply): Pull {
  return {
    number: reply.iid,
    title: reply.draft ? reply.title.replace(draftMark, '') : reply.title,
    body: withoutMarker(reply.description ?? null),
    // A locked one is being merged just now.
    state: reply.state === 'opened' || reply.state === 'locked' ? 'open' : reply.state,
    isDraft: reply.draft,
    author: reply.author?.username ?? 'ghost',
    webUrl: reply.web_url,
    head: {
      branch: reply.source_branch,
      commit: reply.sha ?? noCommit,
      isFork: reply.source_project_id !== reply.target_project_id,
    },
    base: { branch: reply.target_branch, commit: reply.diff_refs?.start_sha ?? null },
    labels: reply.labels,
    hasConflicts: reply.has_conflicts ?? null,
    updatedAt: new Date(reply.updated_at),
  };
}
