import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { ForgeDelivery, WebhookReader } from '../../../resources/ports/forge-delivery.ts';
import { deliveredText, parseDelivery, sameText } from '../webhook-text.ts';

const title = deliveredText(1000);
const login = z.string().min(1).max(200);
const number = z.int().positive();
const id = z.union([z.number(), z.bigint()]).transform(String);

const common = z.object({
  action: z.string().optional(),
  repository: z.object({ full_name: z.string().max(300), html_url: z.url({ protocol: /^https?$/ }) }),
  sender: z.object({ login, type: z.string() }),
});
const issue = z.object({ number, title, pull_request: z.unknown().optional() });
const labelled = z.object({ issue, label: z.object({ name: deliveredText(300) }) });
const commented = z.object({ issue, comment: z.object({ id, body: deliveredText(65_536).nullish() }) });
const pull = z.object({
  pull_request: z.object({
    number,
    head: z.object({ ref: deliveredText(500) }),
    merged: z.boolean().optional(),
  }),
});
const suite = z.object({
  check_suite: z.object({ head_sha: z.string().max(64), head_branch: deliveredText(500).nullish() }),
});
const status = z.object({ sha: z.string().max(64), state: z.string() });

type Common = Omit<Extract<ForgeDelivery, { kind: 'checks-finished' }>, 'kind' | 'commit' | 'branch'>;

/** What GitHub sent, by the secret of the webhook or the App ("Validating webhook deliveries"). */
export const readGitHubWebhook: WebhookReader = ({ header, body }, secrets) => {
  const shown = header('x-hub-signature-256') ?? '';
  const signature = (secret: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  // All are looked at, so that the time doesn't tell which one it was.
  const fits = secrets.map((secret) => sameText(signature(secret), shown));
  if (!fits.includes(true)) return { kind: 'unsigned' };
  const text = new TextDecoder().decode(body);
  const isForm = (header('content-type') ?? '').startsWith('application/x-www-form-urlencoded');
  const payload = parseDelivery(isForm ? (new URLSearchParams(text).get('payload') ?? '') : text);
  return {
    kind: 'signed',
    id: header('x-github-delivery')?.slice(0, 200) ?? null,
    delivery: readGitHubDelivery(header('x-github-event') ?? '', payload),
  };
};

/** An event and its payload as a delivery; null for events that nobody needs, and for what has another shape. */
export function readGitHubDelivery(event: string, payload: unknown): ForgeDelivery | null {
  const parsed = common.safeParse(payload);
  if (!parsed.success) return null;
  const { action, repository, sender } = parsed.data;
  const about: Common = {
    forge: 'github',
    repository: repository.full_name,
    pageUrl: repository.html_url,
    actor: sender.login,
    byBot: sender.type === 'Bot',
  };
  switch (`${event} ${action ?? ''}`.trimEnd()) {
    case 'issues labeled':
      return ofIssue(about, payload);
    case 'issue_comment created':
      return ofComment(about, payload);
    case 'pull_request_review submitted':
    case 'pull_request_review_comment created':
      return ofPull(about, payload, 'pull-reviewed');
    case 'pull_request synchronize':
      return ofPull(about, payload, 'pull-pushed');
    case 'pull_request closed':
      return ofPull(about, payload, 'pull-closed');
    case 'check_suite completed':
      return ofSuite(about, payload);
    case 'status':
      return ofStatus(about, payload);
    default:
      return null;
  }
}

function ofIssue(about: Common, payload: unknown): ForgeDelivery | null {
  const { success, data } = labelled.safeParse(payload);
  if (!success || data.issue.pull_request) return null;
  const { issue, label } = data;
  return { ...about, kind: 'issue-labelled', number: issue.number, title: issue.title, labels: [label.name] };
}

function ofComment(about: Common, payload: unknown): ForgeDelivery | null {
  const { success, data } = commented.safeParse(payload);
  if (!success) return null;
  const { number, title, pull_request } = data.issue;
  const comment = { id: data.comment.id, body: data.comment.body ?? '' };
  return pull_request
    ? { ...about, kind: 'pull-commented', number, branch: null, comment }
    : { ...about, kind: 'issue-commented', number, title, comment };
}

function ofPull(
  about: Common,
  payload: unknown,
  kind: 'pull-reviewed' | 'pull-pushed' | 'pull-closed',
): ForgeDelivery | null {
  const { success, data } = pull.safeParse(payload);
  if (!success) return null;
  const { number, head, merged } = data.pull_request;
  const merges = kind === 'pull-closed' && merged === true;
  return { ...about, kind: merges ? 'pull-merged' : kind, number, branch: head.ref };
}

function ofSuite(about: Common, payload: unknown): ForgeDelivery | null {
  const { success, data } = suite.safeParse(payload);
  if (!success) return null;
  const { head_sha: commit, head_branch } = data.check_suite;
  return { ...about, kind: 'checks-finished', commit, branch: head_branch ?? null };
}

function ofStatus(about: Common, payload: unknown): ForgeDelivery | null {
  const { success, data } = status.safeParse(payload);
  if (!success || data.state === 'pending') return null;
  return { ...about, kind: 'checks-finished', commit: data.sha, branch: null };
}
