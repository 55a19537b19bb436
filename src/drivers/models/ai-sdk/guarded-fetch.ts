import { GantryError } from '../../../base/errors.ts';
import type { ModelAccess } from '../../../resources/ports/model.ts';

type Fetch = typeof globalThis.fetch;

const silenceMs = 180_000;
/* Each word of a reply comes in a frame many times its size. */
const mostBytes = 64 * 1024 ** 2;

/**
 * The same fetch, for providers whose answers aren't trusted: it follows no redirect (the key would go along), takes
 * only what can be a reply, and gives up when nothing comes for a while or too much does.
 */
export function guardFetch(access: ModelAccess, provider: string): Fetch {
  const patience = access.silenceMs ?? silenceMs;
  return async (input, init) => {
    const silence = new AbortController();
    const waiting = startTimer(silence, provider, patience);
    const signal = init?.signal ? AbortSignal.any([init.signal, silence.signal]) : silence.signal;
    try {
      const response = await access.fetch(input, { ...init, signal, redirect: 'manual' });
      checkKind(response, provider);
      if (!response.body) return response;
      return new Response(guardBody(response.body, waiting, provider), {
        status: response.status,
        statusText: response.statusText,
        headers: response.headers,
      });
    } catch (error) {
      waiting.stop();
      throw error;
    }
  };
}

interface Waiting {
  /** Something came: begin to wait anew. */
  again(): void;
  stop(): void;
}

function startTimer(silence: AbortController, provider: string, ms: number): Waiting {
  const give = () => {
    const seconds = Math.round(ms / 100) / 10;
    silence.abort(
      new GantryError('MODEL_UNAVAILABLE', `${provider} sent nothing for ${seconds} s, so it was given up.`),
    );
  };
  const timer = setTimeout(give, ms);
  return { again: () => void timer.refresh(), stop: () => clearTimeout(timer) };
}

function checkKind(response: Response, provider: string): void {
  if (response.status >= 300 && response.status < 400) {
    throw new GantryError(
      'MODEL_REPLY_INVALID',
      `${provider} redirects to another address, which is not followed. Set its base URL to the right one.`,
    );
  }
  const kind = response.headers.get('content-type') ?? '';
  if (response.ok && /^text\/html/i.test(kind)) {
    throw new GantryError(
      'MODEL_REPLY_INVALID',
      `${provider} answered with a web page in place of a reply. Check its base URL.`,
    );
  }
}

function guardBody(
  body: ReadableStream<Uint8Array>,
  waiting: Waiting,
  provider: string,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let size = 0;
  return new ReadableStream({
    async pull(controller) {
      try {
        waiting.again();
        const { done, value } = await reader.read();
        if (done) {
          waiting.stop();
          controller.close();
          return;
        }
        size += value.byteLength;
        if (size > mostBytes) throw tooLarge(provider);
        controller.enqueue(value);
      } catch (error) {
        waiting.stop();
        await reader.cancel().catch(() => undefined);
        controller.error(error);
      }
    },
    cancel: async (reason) => {
      waiting.stop();
      await reader.cancel(reason);
    },
  });
}

export function tooLarge(provider: string): GantryError {
  return new GantryError(
    'MODEL_REPLY_INVALID',
    `${provider} sent a reply that is too large to be one, so it was given up.`,
  );
}
