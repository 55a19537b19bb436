import { z } from 'zod';
import type { ForgeDelivery, WebhookReader } from '../../../resources/ports/forge-delivery.ts';
import { deliveredText, parseDelivery, sameText } from '../webhook-text.ts';

const title = deliveredText(1000);
const branch = deliveredText(500);
const number = z.int().positive();
const label = z.object({ title: deliveredText(300) });

const common = z.object({
  object_kind: z.string(),
  /* `confidential_issue` and `confidential_note` are passed over: what comes of a session may be public. */
  event_type: z.string().optional(),
  project: z.object({
    path_with_namespace: z.string().max(500),
    web_url: z.url({ protocol: /^https?$/ }),
  }),
  user: z.object({ username: z.string().min(1).max(300) }),
});
const issueHook = z.object({
  object_attributes: z.object({ iid: number, title, action: z.string().optional() }),
  labels: z.array(label).default([]),
  changes: z
    .object({ labels: z.object({ previous: z.array(label), current: z.array(label) }).optional() })
    .default({}),
});
const noteHook = z.object({
  object_attributes: z.object({
    id: z.int().transform(String),
    note: deliveredText(65_536),
    noteable_type: z.string(),
    action: z.string().default('create'),
    system: z.boolean().default(false),
  }),
  issue: z.object({ iid: number, title, confidential: z.boolean().default(false) }).optional(),
  merge_request: z.object({ iid: number, source_branch: branch }).optional(),
});
const pullHook = z.object({
  object_attributes: z.object({
    iid: number,
    action: z.string().optional(),
    source_branch: branch,
    oldrev: z.string().optional(),
  }),
});
const pipelineHook = z.object({
  object_attributes: z.object({ sha: z.string().max(64), status: z.string(), ref: branch.nullish() }),
});

type Common = Omit<Extract<ForgeDelivery, { kind: 'checks-finished' }>, 'kind' | 'commit' | 'branch'>;
const finished: ReadonlySet<string> = new Set(['success', 'failed', 'canceled', 'skipped']);
/* Accounts of project and group access tokens. */
const botName = /^(project|group)_\d+_bot(_\w+)?$/;

/** What GitLab sent, by the secret token of the webhook. GitLab signs nothing: it shows the token itself. */
export const readGitLabWebhook: WebhookReader = ({ header, body }, secrets) => {
  const shown = header('x-gitlab-token') ?? '';
  const fits = secrets.map((secret) => sameText(secret, shown));
  if (!fits.includes(true)) return { kind: 'unsigned' };
  const payload = parseDelivery(new TextDecoder().decode(body));
  // The UUID of the event is no name: all that one event set off have the same.
  const id = header('idempotency-key')?.slice(0, 200) ?? null;
  return { kind: 'signed', id, delivery: readGitLabDelivery(payload) };
};

/** A payload as a delivery; null for events that nobody needs, and for what has another shape. */
export function readGitLabDelivery(payload: unknown): ForgeDelivery | null {
  const parsed = common.safeParse(payload);
  if (!parsed.success || parsed.data.event_type?.startsWith('confidential_')) return null;
  const { object_kind: kind, project, user } = parsed.data;
  const about: Common = {
    forge: 'gitlab',
    repository: project.path_with_namespace,
    pageUrl: project.web_url,
    actor: user.username,
    byBot: botName.test(user.username),
  };
  if (kind === 'issue') return ofIssue(about, payload);
  if (kind === 'note') return ofNote(about, payload);
  if (kind === 'merge_request') return ofPull(about, payload);
  return kind === 'pipeline' ? ofPipeline(about, payload) : null;
}

function ofIssue(about: Common, payload: unknown): ForgeDelivery | null {
  const { success, data } = issueHook.safeParse(payload);
  if (!success) return null;
  const { iid, title, action } = data.object_attributes;
  const { labels: change } = data.changes;
  const before = new Set((change?.previous ?? []).map((each) => each.title));
  const now = change?.current ?? (action === 'open' ? data.labels : []);
  const labels = now.map((each) => each.title).filter((each) => !before.has(each));
  return labels.length === 0 ? null : { ...about, kind: 'issue-labelled', number: iid, title, labels };
}

function ofNote(about: Common, payload: unknown): ForgeDelivery | null {
  const { success, data } = noteHook.safeParse(payload);
  if (!success) return null;
  const { id, note, noteable_type, action, system } = data.object_attributes;
  if (system || action !== 'create') return null;
  const comment = { id, body: note };
  if (noteable_type === 'Issue' && data.issue && !data.issue.confidential) {
    const { iid, title } = data.issue;
    return { ...about, kind: 'issue-commented', number: iid, title, comment };
  }
  if (noteable_type !== 'MergeRequest' || !data.merge_request) return null;
  const { iid, source_branch } = data.merge_request;
  return { ...about, kind: 'pull-commented', number: iid, branch: source_branch, comment };
}

function ofPull(about: Common, payload: unknown): ForgeDelivery | null {
  const { success, data } = pullHook.safeParse(payload);
  if (!success) return null;
  const { iid, action, source_branch, oldrev } = data.object_attributes;
  const on = { number: iid, branch: source_branch };
  if (action === 'merge') return { ...about, kind: 'pull-merged', ...on };
  if (action === 'close') return { ...about, kind: 'pull-closed', ...on };
  return action === 'update' && oldrev !== undefined ? { ...about, kind: 'pull-pushed', ...on } : null;
}

function ofPipeline(about: Common, payload: unknown): ForgeDelivery | null {
  const { success, data } = pipelineHook.safeParse(payload);
  if (!success || !finished.has(data.object_attributes.status)) return null;
  const { sha, ref } = data.object_attributes;
  return { ...about, kind: 'checks-finished', commit: sha, branch: ref ?? null };
}
