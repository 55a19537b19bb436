import type { IncomingMessage, Server } from 'node:http';
import { rejectSocket } from './rejected-socket.ts';

/** How long bodies may take to arrive. */
export interface Patience {
  /** For a whole body, in milliseconds. */
  readonly bodyMs: number;
  /** An upload may take longer, as long as so many bytes come in each span of so many milliseconds. */
  readonly upload: { readonly spanMs: number; readonly leastBytes: number };
}

/** About 4 KiB a second: slower than any line that somebody would upload a repository over. */
const defaultPatience: Patience = {
  bodyMs: 60_000,
  upload: { spanMs: 60_000, leastBytes: 240 * 1024 },
};

const goodbyeMs = 1000;
const watched = new WeakMap<IncomingMessage, () => void>();

/** Hangs up on bodies that do not arrive; heads are the server's own `headersTimeout`. */
export function watchBodies(server: Server, patience: Patience = defaultPatience): void {
  // First: who answers may let an upload in at once.
  server.prependListener('request', (request: IncomingMessage) => {
    let timer = setTimeout(() => hangUp(request), patience.bodyMs).unref();
    const stop = (): void => clearTimeout(timer);
    request.once('close', stop).once('end', stop);
    watched.set(request, () => {
      stop();
      let before = request.socket.bytesRead;
      const look = (): void => {
        const { bytesRead } = request.socket;
        if (bytesRead - before < patience.upload.leastBytes) return hangUp(request);
        before = bytesRead;
        timer = setTimeout(look, patience.upload.spanMs).unref();
      };
      timer = setTimeout(look, patience.upload.spanMs).unref();
    });
  });
}

/** From now on the request is an upload: what counts is that it goes on. Only for those who were let in. */
export function letUpload(request: IncomingMessage): void {
  watched.get(request)?.();
}

function hangUp(request: IncomingMessage): void {
  if (request.complete) return;
  const { socket } = request;
  rejectSocket(
    Object.assign(new Error('The body did not arrive.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }),
    socket,
  );
  setTimeout(() => socket.destroy(), goodbyeMs).unref();
}
