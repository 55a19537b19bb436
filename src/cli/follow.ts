import { setTimeout as sleep } from 'node:timers/promises';
import { GantryError } from '../base/errors.ts';
import type { Event } from '../contract/event.ts';
import { lastEventTypes } from '../contract/event-types.ts';
import { unreachable, type Client } from './client.ts';

const pausesMs = [100, 250, 500, 1000, 2000, 4000, 8000, 15_000];

/**
 * The events of a run from the first to its last, across lost connections: after each one it goes on behind the last
 * event that it has seen. Gives up with SERVER_UNREACHABLE after half a minute without a server.
 */
export async function* followRun(client: Client, runId: string, signal: AbortSignal): AsyncGenerator<Event> {
  let lastSeq = 0;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const cursor = lastSeq === 0 ? '' : String(lastSeq);
      const stream = await client.stream(`/runs/${runId}/events`, cursor, signal);
      if (stream === null) return;
      for await (const { data } of stream) {
        const event = JSON.parse(data) as Event;
        if (event.seq <= lastSeq) continue;
        failures = 0;
        lastSeq = event.seq;
        yield event;
        if (lastEventTypes.has(event.type)) return;
      }
    } catch (thrown) {
      if (signal.aborted) return;
      if (!isPassing(thrown) || failures >= pausesMs.length) throw thrown;
    }
    if (failures >= pausesMs.length) throw unreachable(undefined);
    await sleep(pausesMs[failures++], undefined, { signal }).catch(() => {});
  }
}

/** A connection that broke or a server that is just starting again; anything else won't get better by asking again. */
function isPassing(thrown: unknown): boolean {
  if (!(thrown instanceof GantryError)) return true;
  return ['SERVER_UNREACHABLE', 'SHUTTING_DOWN', 'RATE_LIMITED', 'DATABASE_UNREACHABLE'].includes(
    thrown.code,
  );
}
