import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { GantryProcess } from './gantry-process.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export interface ExecutionRun {
  readonly id: string;
  readonly status: string;
  readonly startedAt: string | null;
  readonly output: { readonly outcome: string; readonly stdout: string } | null;
}

/** Runs one program to its end. Throws unless it ended well. */
export async function execute(
  server: Pick<GantryProcess, 'url' | 'key'>,
  language: string,
  content: string,
): Promise<ExecutionRun> {
  const run = await submit(server, language, content, '?wait=true');
  if (run.output?.outcome !== 'ok') throw new Error(`the program did not end well: ${JSON.stringify(run)}`);
  return run;
}

/** Submits one program; without `?wait=true` in `query` the answer comes when the run is stored. */
export async function submit(
  server: Pick<GantryProcess, 'url' | 'key'>,
  language: string,
  content: string,
  query = '',
): Promise<ExecutionRun> {
  const body = JSON.stringify({ language, files: [{ name: 'main', content }] });
  return JSON.parse(await call(server, 'POST', `/api/v1/executions${query}`, body)) as ExecutionRun;
}

async function call(
  server: Pick<GantryProcess, 'url' | 'key'>,
  method: string,
  path: string,
  body?: string,
): Promise<string> {
  const response = await open(server, method, path, body);
  const answer = await text(response);
  if ((response.statusCode ?? 500) >= 400) throw new Error(`${method} ${path}: ${answer}`);
  return answer;
}

/** The run once it is finished. */
export async function finished(
  server: Pick<GantryProcess, 'url' | 'key'>,
  id: string,
): Promise<ExecutionRun> {
  for await (const event of follow(server, id)) {
    if (/^run\.(succeeded|failed|cancelled|dead)$/.test(event.event)) break;
  }
  return JSON.parse(await call(server, 'GET', `/api/v1/runs/${id}`)) as ExecutionRun;
}

/** Events of a run as they arrive, until the server ends the stream. */
export async function* follow(
  server: Pick<GantryProcess, 'url' | 'key'>,
  id: string,
): AsyncGenerator<{ event: string; data: { at: string; data: { text?: string } } }> {
  const response = await open(server, 'GET', `/api/v1/runs/${id}/events`, undefined, 'text/event-stream');
  let buffer = '';
  for await (const chunk of response.setEncoding('utf8')) {
    buffer += String(chunk);
    const blocks = buffer.split('\n\n');
    buffer = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = /^event: ?(.*)$/m.exec(block)?.[1];
      const data = /^data: ?(.*)$/m.exec(block)?.[1];
      if (event && data) yield { event, data: JSON.parse(data) };
    }
  }
}

function open(
  server: Pick<GantryProcess, 'url' | 'key'>,
  method: string,
  path: string,
  body?: string,
  accept = 'application/json',
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = {
    authorization: `Bearer ${server.key}`,
    accept,
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  };
  const outgoing = request(`${server.url}${path}`, { method, headers, agent }, resolve);
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}
