import { GantryError } from '../../base/errors.ts';
import { send, wordsOf, type OutgoingRequest } from './exchange.ts';
import { createAddressCheck, redirected, redirectOf, type OutgoingOptions } from './outgoing.ts';

const mostRedirects = 5;
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * `fetch` of the web for clients that want one, over the outgoing filter: every address is checked after resolution, also
 * those that it is redirected to. The answer's body streams and ends with the request's signal; what is sent is read
 * whole first. No time limit but the signal. Throws OUTGOING_REFUSED and OUTGOING_FAILED, or the signal's reason.
 */
export function createWebFetch(options: OutgoingOptions): typeof globalThis.fetch {
  const check = createAddressCheck(options);
  return async (input, init) => {
    const request = new Request(input, init);
    const { signal, redirect } = request;
    let next = await outgoingRequest(request);
    let place = request.url;
    for (let left = mostRedirects; ; left -= 1) {
      signal.throwIfAborted();
      const { url, address } = await check(place);
      const message = await sent(url, send(url, address, next, signal), signal);
      const { statusCode: status = 0, headers } = message;
      const to = redirect === 'manual' ? null : redirectOf({ status, headers }, url);
      if (!to) return toResponse(message, url, request);
      message.destroy();
      if (left === 0 || redirect === 'error')
        throw new GantryError(
          'OUTGOING_REFUSED',
          `${url.host} redirects to ${to.origin}, which is not followed.`,
        );
      next = redirected(next, status, to.origin === url.origin);
      place = to.href;
    }
  };
}

type Message = Awaited<ReturnType<typeof send>>;

async function outgoingRequest(request: Request): Promise<OutgoingRequest> {
  const method = methods.find((each) => each === request.method);
  if (!method) throw new TypeError(`The method ${request.method} is not sent to others.`);
  const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
  return { method, headers: Object.fromEntries(request.headers), ...(body && { body }) };
}

async function sent(url: URL, sending: Promise<Message>, signal: AbortSignal): Promise<Message> {
  try {
    return await sending;
  } catch (cause) {
    signal.throwIfAborted();
    throw new GantryError('OUTGOING_FAILED', `The server ${url.host} failed (${wordsOf(cause)}).`, { cause });
  }
}

function toResponse(message: Message, url: URL, { method, signal }: Request): Response {
  const { statusCode: status = 0 } = message;
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers))
    for (const each of [value ?? []].flat()) headers.append(name, each);
  const empty = method === 'HEAD' || withoutBody.has(status);
  if (empty) message.resume();
  if (status < 200 || status > 599) {
    message.destroy();
    throw new GantryError('OUTGOING_FAILED', `The server ${url.host} answered with the status ${status}.`);
  }
  const body = empty ? null : ReadableStream.from(pieces(message, signal));
  return new Response(body, { status, statusText: message.statusMessage ?? '', headers });
}

async function* pieces(message: Message, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* message as AsyncIterable<Buffer>;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
