import type { Outgoing } from './outgoing.ts';

const maxBytes = 32 * 1024 ** 2;
const timeoutMs = 60_000;
const withoutBody = new Set([101, 204, 205, 304]);

/** `fetch` for clients that want one, over the outgoing filter: what users name is checked after it is resolved. */
export function outgoingFetch(outgoing: Outgoing): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
    const reply = await outgoing.fetch(request.url, {
      method: methodOf(request.method),
      headers: Object.fromEntries(request.headers),
      ...(body && { body }),
      signal: request.signal,
      redirects: request.redirect === 'follow' && body === undefined ? 5 : 0,
      maxBytes,
      timeoutMs,
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(reply.headers))
      for (const each of [value ?? []].flat()) headers.append(name, each);
    const content = withoutBody.has(reply.status) ? null : new Uint8Array(reply.body);
    return new Response(content, { status: reply.status, headers });
  };
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

function methodOf(method: string): (typeof methods)[number] {
  const found = methods.find((each) => each === method);
  if (!found) throw new TypeError(`the method ${method} is not sent to others`);
  return found;
}
