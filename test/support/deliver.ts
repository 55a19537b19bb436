import { createHmac, randomUUID } from 'node:crypto';

/** What GitHub delivers, by the event, less what differs from test to test. */
export function gitHubPayload(
  repository: string,
  url: string,
  sender: string,
  rest: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const type = sender.endsWith('[bot]') ? 'Bot' : 'User';
  return {
    repository: { id: 1, full_name: repository, html_url: `${url}/${repository}`, private: true },
    sender: { id: 2, login: sender, type },
    ...rest,
  };
}

export interface Sent {
  readonly secret: string;
  readonly event: string;
  readonly payload: unknown;
  readonly id?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Delivers as GitHub does; answers the status. */
export async function deliverGitHub(
  address: string,
  { secret, event, payload, id, headers }: Sent,
): Promise<number> {
  const body = JSON.stringify(payload);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const answer = await fetch(`${address}/webhooks/github`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/044aadd',
      'x-github-event': event,
      'x-github-delivery': id ?? randomUUID(),
      'x-hub-signature-256': `sha256=${signature}`,
      ...headers,
    },
  });
  await answer.text();
  return answer.status;
}

/** Delivers as GitLab does; answers the status. */
export async function deliverGitLab(
  address: string,
  { secret, event, payload, id, headers }: Sent,
): Promise<number> {
  const answer = await fetch(`${address}/webhooks/gitlab`, {
    method: 'POST',
    body: JSON.stringify(payload),
    headers: {
      'content-type': 'application/json',
      'x-gitlab-event': event,
      'x-gitlab-token': secret,
      'x-gitlab-event-uuid': 'the-same-for-all',
      ...(id !== undefined && { 'idempotency-key': id }),
      ...headers,
    },
  });
  await answer.text();
  return answer.status;
}
