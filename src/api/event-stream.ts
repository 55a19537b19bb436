import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../base/logger.ts';
import type { ServerSentEvent } from '../contract/api.ts';
import type { Drain, Exchange } from './drain.ts';

export interface StreamOptions {
  readonly drain: Drain;
  readonly logger: Logger;
  readonly heartbeatMs: number;
}

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};
const heartbeatsMissed = 4;

/**
 * Sends a stream as server-sent events (HTML Living Standard, 9.2) for as long as the client listens. It reads on only
 * when the client has read; one that reads nothing for four heartbeats is dropped. Whoever is cut off comes back with
 * `Last-Event-ID` and misses nothing.
 */
export async function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  exchange: Exchange,
  stream: AsyncIterable<ServerSentEvent>,
  { drain, logger, heartbeatMs }: StreamOptions,
): Promise<void> {
  const response = openResponse(reply);
  if (request.method === 'HEAD') return void response.end();
  exchange.streams();
  response.write('retry: 1000\n\n');
  const stop = beat(response, heartbeatMs);
  try {
    for await (const event of stream) {
      if (exchange.signal.aborted) break;
      if (!write(response, event)) await once(response, 'drain', { signal: exchange.signal });
    }
  } catch (error) {
    if (!exchange.signal.aborted) logger.warn({ requestId: request.id, err: error }, 'a stream broke off');
  } finally {
    stop();
    response.end(drain.draining() ? ': the server is stopping; connect again\n\n' : ': end\n\n');
  }
}

function openResponse(reply: FastifyReply): ServerResponse {
  reply.hijack();
  const response = reply.raw;
  const headers = { ...reply.getHeaders(), ...streamHeaders };
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) response.setHeader(name, value);
  response.writeHead(200);
  response.socket?.setNoDelay(true);
  response.flushHeaders();
  return response;
}

/** Keeps proxies from closing a quiet stream; returns how to stop. */
function beat(response: ServerResponse, everyMs: number): () => void {
  let missed = 0;
  const timer = setInterval(() => {
    missed = response.writableNeedDrain ? missed + 1 : 0;
    if (missed >= heartbeatsMissed) response.destroy();
    else if (missed === 0) response.write(': \n\n');
  }, everyMs);
  return () => clearInterval(timer);
}

function write(response: ServerResponse, event: ServerSentEvent): boolean {
  // Events that are there already leave in one packet. The socket, because a corked response sends its end first.
  const { socket } = response;
  socket?.cork();
  process.nextTick(() => socket?.uncork());
  return response.write(`id: ${event.id}\nevent: ${event.event}\ndata: ${JSON.stringify(event.data)}\n\n`);
}
