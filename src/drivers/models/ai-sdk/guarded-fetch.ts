import { GantryError } from '../../../base/errors.ts';
import type { ModelAccess } from '../../../resources/ports/model.ts';
import { streamOfWhole } from './whole-reply.ts';

type Fetch = typeof globalThis.fetch;

/* Each word of a reply comes in a frame many times its size. */
const mostBytes = 64 * 1024 ** 2;

/**
 * The same fetch, for providers whose answers aren't trusted: it follows no redirect (the key would go along), takes
 * only what can be a reply, and gives up when too much comes.
 */
export function guardFetch(access: ModelAccess, provider: string): Fetch {
  return async (input, init) => {
    const response = await access.fetch(input, { ...init, redirect: 'manual' });
    const problem = problemOf(response, provider);
    if (problem) {
      await response.body?.cancel();
      throw problem;
    }
    if (!response.body) return response;
    const { status, statusText, headers } = response;
    const guarded = new Response(guardBody(response.body, provider), { status, statusText, headers });
    if (!response.ok || !kindOf(response).startsWith('application/json')) return guarded;
    return new Response(streamOfWhole(await guarded.text(), provider), {
      headers: { 'content-type': 'text/event-stream' },
    });
  };
}

function problemOf(response: Response, provider: string): GantryError | undefined {
  if (response.status >= 300 && response.status < 400) {
    return new GantryError(
      'MODEL_REPLY_INVALID',
      `${provider} redirects to another address, which is not followed. Set its base URL to the right one.`,
    );
  }
  if (response.ok && kindOf(response).startsWith('text/html')) {
    return new GantryError(
      'MODEL_REPLY_INVALID',
      `${provider} answered with a web page in place of a reply. Check its base URL.`,
    );
  }
  return undefined;
}

function kindOf(response: Response): string {
  return (response.headers.get('content-type') ?? '').toLowerCase();
}

function guardBody(body: ReadableStream<Uint8Array>, provider: string): ReadableStream<Uint8Array> {
  let size = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        size += piece.byteLength;
        if (size > mostBytes) throw tooLarge(provider);
        controller.enqueue(piece);
      },
    }),
  );
}

export function tooLarge(provider: string): GantryError {
  return new GantryError(
    'MODEL_REPLY_INVALID',
    `${provider} sent a reply that is too large to be one, so it was given up.`,
  );
}
