import { toGantryError, type GantryError } from '../../base/errors.ts';
import { inert } from '../../base/inert.ts';
import type { Logger } from '../../base/logger.ts';
import type { SentChannel } from '../../contract/notification.ts';
import type { Database } from '../../store/database.ts';
import { postponed, type Channel } from './channel.ts';
import { fanOut } from './fan-out.ts';
import { messageOf } from './message.ts';
import { claim, end, keepClaimed, postpone, type ClaimOptions, type Parcel } from './outbox.ts';

export interface SenderOptions extends ClaimOptions {
  readonly db: Database;
  readonly channels: Readonly<Record<SentChannel, Channel>>;
  readonly publicUrl: string | undefined;
  readonly log: Logger;
}

/** Between tries; after the last one the message is given up. */
const pausesSeconds = [30, 120, 600, 3600, 14_400];
const sendMs = 60_000;
const graceMs = 3000;

const mostLanes = 4;

export interface Sender {
  /** Writes what is new into the outbox, and sees to it that somebody sends what is due. */
  round(): Promise<void>;
  /** Resolves when all that is on its way has arrived or was cut off. */
  close(): Promise<void>;
}

/** Sends in several lanes, so that one slow server holds up nobody else. */
export function createSender(options: SenderOptions): Sender {
  const { db, preferencesOf, log } = options;
  const stop = new AbortController();
  const late = afterGrace(stop.signal);
  const lanes = new Set<Promise<void>>();
  return {
    round: async () => {
      while (!stop.signal.aborted && (await fanOut(db, preferencesOf)) > 0);
      if (stop.signal.aborted || lanes.size >= mostLanes) return;
      const lane = sendDue(options, stop.signal, late)
        .catch((error: unknown) => log.warn({ err: error }, 'could not send notifications; trying again'))
        .finally(() => lanes.delete(lane));
      lanes.add(lane);
    },
    close: async () => {
      stop.abort();
      await Promise.all(lanes);
    },
  };
}

async function sendDue(options: SenderOptions, stop: AbortSignal, late: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const parcels = await claim(options.db, options);
    if (!parcels) return;
    for (const [index, parcel] of parcels.entries()) {
      if (stop.aborted) {
        await postpone(options.db, parcel.ids, 0, null);
        continue;
      }
      if (index > 0) await keepClaimed(options.db, parcels.slice(index));
      await deliver(options, parcel, late);
    }
  }
}

async function deliver(options: SenderOptions, parcel: Parcel, late: AbortSignal): Promise<void> {
  const { db, channels, publicUrl, log } = options;
  const message = messageOf(parcel.ids[0] ?? '', parcel.topics, publicUrl);
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(sendMs), late]);
    await until(channels[parcel.channel].send(parcel.to, message, signal), signal);
  } catch (thrown) {
    const error = toGantryError(thrown);
    log.debug(
      { err: error, channel: parcel.channel, user: parcel.to.userId },
      'a notification was not taken',
    );
    const reason = inert(error.message).slice(0, 500);
    const pause = pausesSeconds[parcel.attempt - 1];
    if (isFinal(error) || pause === undefined) await end(db, parcel.ids, 'failed', reason);
    else await postpone(db, parcel.ids, Math.max(pause, error.retryAfterSeconds ?? 0), reason);
    return;
  }
  await end(db, parcel.ids, 'sent', null);
}

/* What is on its way when the server stops gets a moment; what is cut off then may come twice. */
function afterGrace(stop: AbortSignal): AbortSignal {
  const late = new AbortController();
  stop.addEventListener('abort', () => setTimeout(() => late.abort(), graceMs).unref(), { once: true });
  return late.signal;
}

function until(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(postponed('The other side did not answer in time.')), {
      once: true,
    });
    work.then(resolve, reject);
  });
}

function isFinal(error: GantryError): boolean {
  return error.code === 'OUTGOING_REFUSED';
}
