import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/* Lines of routers and firewalls forget a connection on which nothing passes. */
const keepAliveMs = 30_000;
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * `fetch` without a time limit of its own: Node's gives up after five minutes of silence, whatever is set, and a model may
 * think for longer. Whoever calls watches over time by the signal. Follows no redirect: with `redirect: 'manual'` it is the
 * answer, otherwise a failure. What is sent is read whole first; the answer's body streams. Throws as fetch does.
 */
export const patientFetch: typeof globalThis.fetch = async (input, init) => {
  const asked = new Request(input, init);
  const { signal } = asked;
  const body = asked.body === null ? undefined : new Uint8Array(await asked.arrayBuffer());
  try {
    return toResponse(await send(asked, body), asked);
  } catch (cause) {
    signal.throwIfAborted();
    throw new TypeError('fetch failed', { cause });
  }
};

function send(
  { url, method, headers, signal }: Request,
  body: Uint8Array | undefined,
): Promise<IncomingMessage> {
  const start = url.startsWith('https:') ? httpsRequest : httpRequest;
  const told = {
    'user-agent': 'Gantry',
    'accept-encoding': 'identity',
    ...Object.fromEntries(headers),
    ...(body && { 'content-length': body.length }),
  };
  return new Promise((resolve, reject) => {
    const request = start(url, { method, signal, headers: told }, resolve);
    request.setSocketKeepAlive(true, keepAliveMs);
    request.on('error', reject);
    request.end(body);
  });
}

function toResponse(message: IncomingMessage, { method, redirect, signal }: Request): Response {
  const { statusCode: status = 0, statusMessage: statusText = '' } = message;
  if (status < 200 || status > 599 || (isRedirect(message) && redirect !== 'manual')) {
    message.destroy();
    throw new Error(isRedirect(message) ? 'unexpected redirect' : `unexpected status ${status}`);
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers))
    for (const each of [value ?? []].flat()) headers.append(name, each);
  const empty = method === 'HEAD' || withoutBody.has(status);
  if (empty) message.resume();
  const body = empty ? null : streamOf(message, signal);
  return new Response(body, { status, statusText, headers });
}

function isRedirect({ statusCode = 0, headers }: IncomingMessage): boolean {
  return statusCode >= 300 && statusCode < 400 && headers.location !== undefined;
}

function streamOf(message: IncomingMessage, signal: AbortSignal): ReadableStream<Uint8Array<ArrayBuffer>> {
  const pieces: AsyncIterator<Buffer> = message[Symbol.asyncIterator]();
  return new ReadableStream({
    pull: async (controller) => {
      try {
        const { done, value } = await pieces.next();
        if (done === true) controller.close();
        else controller.enqueue(new Uint8Array(value));
      } catch (cause) {
        signal.throwIfAborted();
        throw new TypeError('terminated', { cause });
      }
    },
    // Not by the iterator, which would wait for a piece that may never come.
    cancel: () => void message.destroy(),
  });
}
