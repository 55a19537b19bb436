import type { Socket } from 'node:net';
import type { Meter } from './limits.ts';

export interface Passed {
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Why it was cut; undefined when both sides were done. */
  readonly cut: string | undefined;
}

/**
 * Passes bytes both ways until both sides are closed, a limit is reached or nothing has passed for `idleMs`. `early` is what
 * the client sent before it was connected.
 */
export function tunnel(
  client: Socket,
  upstream: Socket,
  early: Buffer,
  options: { readonly meter: Meter; readonly idleMs: number },
): Promise<Passed> {
  let cut: string | undefined;
  const end = (reason: string): void => {
    cut ??= reason;
    client.destroy();
    upstream.destroy();
  };
  const watch = (from: Socket, to: Socket, direction: 'in' | 'out'): Promise<void> => {
    from.on('data', (chunk: Buffer) => {
      const over = options.meter.count(direction, chunk.length);
      if (over !== undefined) end(over);
    });
    from.on('error', () => to.destroy());
    return new Promise((resolve) => {
      if (from.closed) resolve();
      from.once('close', () => {
        // What has arrived still goes out; then there is nobody left to talk to.
        if (to.writableEnded) to.destroySoon();
        else to.end(() => to.destroySoon());
        resolve();
      });
    });
  };
  upstream.setTimeout(options.idleMs, () => end('nothing passed for too long'));
  const both = [watch(client, upstream, 'out'), watch(upstream, client, 'in')];
  const over = options.meter.count('out', early.length);
  if (over !== undefined) end(over);
  else if (early.length > 0) upstream.write(early);
  client.pipe(upstream);
  upstream.pipe(client);
  if (client.destroyed) upstream.destroy();
  return Promise.all(both).then(() => ({
    bytesIn: upstream.bytesRead,
    bytesOut: upstream.bytesWritten,
    cut,
  }));
}
