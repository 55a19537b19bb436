import type pg from 'pg';
import type { Logger } from '../base/logger.ts';
import type { Database } from './database.ts';

export const channels = [
  'gantry_queue',
  'gantry_events',
  'gantry_control',
  'gantry_inbox',
  'gantry_identity',
  'gantry_settings',
  'gantry_messages',
] as const;
export type Channel = (typeof channels)[number];

/** One LISTEN connection per process, however many listeners there are. */
export interface Listener {
  /** Calls `heard` for each message; `gap` after a lost connection is back, when messages may have been missed. */
  on(channel: Channel, heard: (payload: string) => void, gap: () => void): () => void;
  close(): Promise<void>;
}

interface Subscription {
  readonly channel: Channel;
  readonly heard: (payload: string) => void;
  readonly gap: () => void;
}

/** Connects, and connects again for as long as it takes. The first connection must succeed. */
export async function openListener(database: Pick<Database, 'connect'>, logger: Logger): Promise<Listener> {
  const subscriptions = new Set<Subscription>();
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  let client = await attach();

  async function attach(): Promise<pg.Client> {
    const fresh = await database.connect('gantry listen');
    fresh.on('notification', (message) => {
      for (const each of subscriptions)
        if (each.channel === message.channel) each.heard(message.payload ?? '');
    });
    try {
      await fresh.query(channels.map((channel) => `LISTEN ${channel}`).join(';'));
    } catch (error) {
      void fresh.end().catch(() => undefined);
      throw error;
    }
    fresh.once('end', lost);
    return fresh;
  }

  function lost(): void {
    if (closed) return;
    logger.warn('lost the connection that listens to PostgreSQL; connecting again');
    again(100);
  }

  function again(delayMs: number): void {
    retry = setTimeout(() => {
      attach().then(
        (fresh) => {
          if (closed) return void fresh.end();
          client = fresh;
          for (const each of subscriptions) each.gap();
        },
        () => again(Math.min(delayMs * 2, 2000)),
      );
    }, delayMs);
  }

  return {
    on: (channel, heard, gap) => {
      const subscription = { channel, heard, gap };
      subscriptions.add(subscription);
      return () => void subscriptions.delete(subscription);
    },
    close: async () => {
      closed = true;
      clearTimeout(retry);
      await client.end().catch(() => undefined);
    },
  };
}
