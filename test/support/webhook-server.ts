import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebhookServer {
  readonly url: string;
  /** The text of each message that it took. */
  readonly taken: string[];
  /** How many requests came, taken or not. */
  asked: number;
  /** What it answers; `hang` never answers. */
  answer: { status: number; headers?: Record<string, string>; body?: string } | 'hang';
  close(): Promise<void>;
}

/** A Slack-compatible incoming webhook on loopback. */
export async function startWebhookServer(): Promise<WebhookServer> {
  const taken: string[] = [];
  const state: Pick<WebhookServer, 'asked' | 'answer'> = { asked: 0, answer: { status: 200, body: 'ok' } };
  const server = createServer(async (request, reply) => {
    let body = '';
    for await (const piece of request) body += String(piece);
    state.asked += 1;
    if (state.answer === 'hang') return;
    if (state.answer.status === 200) taken.push(JSON.parse(body).text);
    reply.writeHead(state.answer.status, state.answer.headers).end(state.answer.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/B0/secret-path`,
    taken,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}
