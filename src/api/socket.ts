import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebSocket } from '@fastify/websocket';
import { GantryError, toGantryError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { ApiSocket, SocketSession } from '../contract/api.ts';
import { inputProblems } from '../contract/problem.ts';
import { socketClose } from '../contract/socket.ts';
import type { Identity } from '../resources/identity/identity.ts';
import type { Guard } from './auth.ts';
import type { Drain } from './drain.ts';
import { socketSchema } from './openapi.ts';
import { staySignedIn } from './stay-signed-in.ts';

declare module 'fastify' {
  interface FastifyRequest {
    session: SocketSession | undefined;
  }
}

interface SocketParts {
  guard(role: ApiSocket['role']): Guard;
  readonly identity: Identity;
  readonly drain: Drain;
  readonly logger: Logger;
  readonly heartbeatMs: number;
}

/** What one connection may hold on its way in before no more is read from it, and how fast it may send. */
const heldBytes = 256 * 1024;
const heldFrames = 256;
const windowMs = 10_000;
const framesPerWindow = 20_000;
/** Behind this much that the client hasn't taken, the next frame waits. */
const behindBytes = 256 * 1024;
const heartbeatsMissed = 4;
const perUser = 32;

/**
 * Turns a socket that is written as data into a WebSocket of the web framework. Who may connect is settled before the
 * upgrade, and again whenever something changes about who may do what; a problem before the upgrade is an HTTP answer.
 */
export function registerSocket(app: FastifyInstance, socket: ApiSocket, parts: SocketParts): void {
  const open = new Map<string, number>();
  app.route({
    method: 'GET',
    url: `/api/v1${socket.path}`,
    schema: socketSchema(socket),
    onRequest: parts.guard(socket.role),
    preHandler: async (request) => {
      if (!request.ws) throw notUpgraded();
      const { userId } = request.actor;
      if ((open.get(userId) ?? 0) >= perUser)
        throw new GantryError('RATE_LIMITED', `You have ${perUser} of these connections open. Close some.`);
      const { actor, params, query, exchange } = request;
      request.session = await socket.open({ actor, params, query, signal: exchange.signal });
    },
    handler: async (_request: FastifyRequest, _reply: FastifyReply) => {
      throw notUpgraded();
    },
    wsHandler: (ws, request) => {
      const { userId } = request.actor;
      open.set(userId, (open.get(userId) ?? 0) + 1);
      ws.once('close', () => {
        const left = (open.get(userId) ?? 1) - 1;
        if (left > 0) open.set(userId, left);
        else open.delete(userId);
      });
      serve(ws, request, socket, parts);
    },
  });
}

function notUpgraded(): GantryError {
  return new GantryError('INPUT_INVALID', 'This address is a WebSocket. Connect to it as ws:// or wss://.');
}

function serve(ws: WebSocket, request: FastifyRequest, socket: ApiSocket, parts: SocketParts): void {
  const { exchange, session } = request;
  if (!session) return ws.close(socketClose.failed);
  exchange.streams();
  const stops = [
    beat(ws, parts.heartbeatMs),
    staySignedIn(request, parts, () => ws.close(socketClose.signedOut, 'Sign in again.')),
    listen(ws, socket, session, parts.logger),
  ];
  ws.on('error', () => ws.terminate());
  ws.once('close', () => {
    for (const stop of stops) stop();
    exchange.abort();
    exchange.end();
  });
  exchange.signal.addEventListener('abort', () => ws.close(socketClose.goingAway), { once: true });
  if (exchange.signal.aborted) ws.close(socketClose.goingAway);
  speak(ws, session).catch((error: unknown) => {
    if (!exchange.signal.aborted)
      parts.logger.warn({ requestId: request.id, err: error }, 'a socket broke off');
    ws.close(exchange.signal.aborted ? socketClose.goingAway : socketClose.failed);
  });
}

/** Sends the session's frames, the next one only when the client keeps up. */
async function speak(ws: WebSocket, session: SocketSession): Promise<void> {
  for await (const frame of session.frames) {
    if (ws.readyState !== ws.OPEN) return;
    const sent = new Promise<void>((resolve) => ws.send(JSON.stringify(frame), () => resolve()));
    // Told of a connection that breaks as well: its frames fail.
    if (ws.bufferedAmount > behindBytes) await sent;
  }
  ws.close(socketClose.finished);
}

/** Keeps proxies from closing a quiet connection; ends one whose client is gone or takes nothing. Returns how to stop. */
function beat(ws: WebSocket, everyMs: number): () => void {
  let missed = 0;
  ws.on('pong', () => (missed = 0));
  const timer = setInterval(() => {
    missed += 1;
    if (missed > heartbeatsMissed) {
      ws.close(socketClose.tooSlow);
      return ws.terminate();
    }
    ws.ping();
    if (ws.bufferedAmount <= behindBytes) ws.send(JSON.stringify({ type: 'heartbeat' }));
  }, everyMs);
  return () => clearInterval(timer);
}

/** Hands what comes to the session, as many frames at once as came meanwhile; reads no more while too much waits. */
function listen(ws: WebSocket, socket: ApiSocket, session: SocketSession, logger: Logger): () => void {
  let held: unknown[] = [];
  let bytes = 0;
  let busy = false;
  let seen = { since: performance.now(), frames: 0 };

  const pass = async () => {
    busy = true;
    while (held.length > 0) {
      const frames = held;
      held = [];
      bytes = 0;
      if (ws.isPaused) ws.resume();
      await session.receive(frames).catch((error: unknown) => {
        const { code, message } = toGantryError(error);
        if (code === 'INTERNAL')
          logger.warn({ err: error }, 'what came over a socket could not be passed on');
        refuse(ws, code, message);
      });
    }
    busy = false;
  };
  const onMessage = (data: unknown, isBinary: boolean) => {
    const now = performance.now();
    if (now - seen.since > windowMs) seen = { since: now, frames: 0 };
    seen.frames += 1;
    if (seen.frames > framesPerWindow) return ws.close(socketClose.busy, 'Send fewer, larger frames.');
    if (isBinary) return ws.close(socketClose.invalid, 'Frames are JSON in text.');
    const frame = parse(ws, socket, String(data));
    if (frame === undefined) return;
    held.push(frame);
    bytes += Buffer.byteLength(String(data));
    if (bytes > heldBytes || held.length > heldFrames) ws.pause();
    if (!busy) void pass();
  };
  ws.on('message', onMessage);
  return () => ws.off('message', onMessage);
}

function parse(ws: WebSocket, socket: ApiSocket, text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    ws.close(socketClose.invalid, 'Frames are JSON in text.');
    return undefined;
  }
  const parsed = socket.receives.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = inputProblems(parsed.error);
  refuse(ws, 'INPUT_INVALID', `The frame is not valid: ${first?.path ?? ''} ${first?.message ?? ''}.`);
  return undefined;
}

function refuse(ws: WebSocket, code: string, message: string): void {
  if (ws.readyState === ws.OPEN) ws.send(JSON.stringify({ type: 'refused', code, message }));
}
