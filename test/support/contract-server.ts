import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { EventBody } from '../../src/contract/event.ts';
import type { Run } from '../../src/contract/run.ts';
import type { Problem } from '../../src/base/errors.ts';
import { newId } from '../../src/base/ids.ts';

/** A run as a test wants the server to tell it. */
export interface ToldRun {
  readonly run: Run;
  readonly events: readonly EventBody[];
  /** Cut the connection after each event, so that the client has to come back. */
  readonly cutting?: boolean;
  /** Send the events only after someone has cancelled. */
  readonly untilCancelled?: boolean;
}

export interface ContractServer {
  readonly url: string;
  /** What came in, in order: `POST /api/v1/executions`. */
  readonly requests: { line: string; authorization: string | undefined; body: unknown }[];
  tell(told: ToldRun): void;
  /** From now on every request is answered by this problem. */
  refuse(status: number, code: string, detail: string, problems?: readonly Problem[]): void;
  close(): Promise<void>;
}

/** A loopback server that speaks the HTTP contract and answers what a test tells it, for answers that are hard to bring about. */
export async function startContractServer(): Promise<ContractServer> {
  const requests: ContractServer['requests'] = [];
  const cancelled = Promise.withResolvers<void>();
  let told: ToldRun | undefined;
  let refusal: { status: number; body: unknown } | undefined;
  const server = createServer((request, response) => void handle(request, response));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const body = await read(request);
    requests.push({ line: `${request.method} ${path}`, authorization: request.headers.authorization, body });
    if (path.endsWith('/cancel')) cancelled.resolve();
    if (refusal) return json(response, refusal.status, refusal.body);
    if (!told) return json(response, 404, problem(404, 'NOT_FOUND', 'There is no such run.'));
    const [place = ''] = path.split('?');
    if (place.endsWith('/events') && /event-stream/.test(request.headers.accept ?? ''))
      return stream(told, request, response);
    if (/\/(events|steps|files|people)$/.test(place)) return json(response, 200, { items: [], next: null });
    return json(
      response,
      200,
      path.startsWith('/api/v1/runs?') ? { items: [told.run], next: null } : told.run,
    );
  }

  async function stream(
    { run, events, cutting, untilCancelled }: ToldRun,
    request: IncomingMessage,
    response: ServerResponse,
  ) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': hello\n\n');
    if (untilCancelled) await cancelled.promise;
    const after = Number(request.headers['last-event-id'] ?? 0);
    for (const [at, body] of events.entries()) {
      if (at < after) continue;
      const event = { runId: run.id, seq: at + 1, at: new Date().toISOString(), ...body };
      response.write(`id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      if (cutting) return void response.write('', () => response.destroy());
    }
    response.end();
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    tell(next) {
      told = next;
      refusal = undefined;
    },
    refuse(status, code, detail, problems) {
      refusal = { status, body: { ...problem(status, code, detail), ...(problems && { problems }) } };
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An execution run with this output. */
export function toldRun(fields: Partial<Run> = {}): Run {
  const now = new Date().toISOString();
  return {
    id: newId(),
    capability: 'execution',
    title: 'main.py',
    status: 'succeeded',
    priority: 'normal',
    input: {},
    output: null,
    error: null,
    outcome: null,
    budget: null,
    usage: {},
    userId: null,
    repository: null,
    trigger: { kind: 'system' },
    parentId: null,
    origin: null,
    waitingFor: null,
    paused: null,
    asks: null,
    attempt: 1,
    worker: null,
    createdAt: now,
    startedAt: now,
    finishedAt: now,
    ...fields,
  };
}

function problem(status: number, code: string, detail: string) {
  return { type: `/docs/errors#${code}`, title: code, status, code, detail };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text === '' ? undefined : JSON.parse(text);
}
