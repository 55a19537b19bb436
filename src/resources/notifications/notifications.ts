import { GantryError, toGantryError } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import { inert } from '../../base/inert.ts';
import type { Logger } from '../../base/logger.ts';
import type { NotificationState, SentChannel, TestOutcome } from '../../contract/notification.ts';
import { repeat } from '../../kernel/repeat.ts';
import type { Database } from '../../store/database.ts';
import type { Listener } from '../../store/listen.ts';
import type { Outgoing } from '../outgoing/outgoing.ts';
import type { RateLimit } from '../rate-limit.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { PreferencesOf } from './fan-out.ts';
import { mailChannel } from './mail.ts';
import { testMessage } from './message.ts';
import { createSender } from './sender.ts';
import { createWebhooks, type Webhooks } from './webhook.ts';

export interface NotificationOptions {
  readonly db: Database;
  readonly listener: Listener;
  readonly secrets: Secrets;
  readonly outgoing: Outgoing;
  readonly rateLimit: RateLimit;
  readonly preferencesOf: PreferencesOf;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string | undefined;
  /** Where people reach Gantry; without it messages hold no link. */
  readonly publicUrl: string | undefined;
  readonly perHour: number;
  readonly log: Logger;
  /** Pause between looks at the outbox, in milliseconds; new items wake it at once. */
  readonly everyMs?: number;
}

/** Tells people by mail and webhook what is new in their inboxes. Every server runs one; each message goes out once. */
export interface Notifications {
  stateOf(userId: string): Promise<NotificationState>;
  readonly webhooks: Pick<Webhooks, 'set' | 'clear'>;
  /** Sends one message now and says what came of it. RATE_LIMITED after a few in a minute. */
  test(userId: string, channel: SentChannel): Promise<TestOutcome>;
  /** Ends after the messages that are on their way. */
  close(): Promise<void>;
}

const everyMs = 5000;
const testsPerMinute = 5;

export function startNotifications(options: NotificationOptions): Notifications {
  const { db, listener, secrets, outgoing, log } = options;
  const webhooks = createWebhooks(secrets, outgoing);
  const mail = mailChannel({ smtpUrl: options.smtpUrl, from: options.mailFrom });
  const channels = { email: mail, webhook: webhooks.channel };
  const sender = createSender({ ...options, channels });
  const round = oneAtATime(sender.round);
  const stopRounds = repeat(options.everyMs ?? everyMs, log, round);
  const poke = () =>
    void round().catch((error: unknown) =>
      log.warn({ err: error }, 'could not send notifications; trying again'),
    );
  const stopListening = listener.on('gantry_inbox', poke, poke);
  return {
    stateOf: (userId) => stateOf(options, webhooks, userId),
    webhooks,
    test: async (userId, channel) => {
      await takeTest(options.rateLimit, userId);
      const to = { userId, email: await emailOf(db, userId) };
      try {
        const message = testMessage(newId(), options.publicUrl);
        await channels[channel].send(to, message, AbortSignal.timeout(20_000));
      } catch (thrown) {
        return { sent: false, text: inert(toGantryError(thrown).message) };
      }
      const text =
        channel === 'email'
          ? `The mail server took a message to ${to.email}. If it doesn't arrive, look among the spam.`
          : 'The webhook took the message.';
      return { sent: true, text };
    },
    close: async () => {
      stopListening();
      await stopRounds();
      await round();
      await sender.close();
    },
  };
}

/** Calls during a round lead to one more after it. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  return () => {
    if (!current) {
      current = work().finally(() => (current = undefined));
      return current;
    }
    next ??= current
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        current = work().finally(() => (current = undefined));
        return current;
      });
    return next;
  };
}

async function takeTest(rateLimit: RateLimit, userId: string): Promise<void> {
  const { allowed, resetSeconds } = await rateLimit.take(`notification-test:${userId}`, testsPerMinute);
  if (allowed) return;
  throw new GantryError('RATE_LIMITED', `${testsPerMinute} test messages a minute are enough.`, {
    retryAfterSeconds: resetSeconds,
  });
}

async function emailOf(db: Database, userId: string): Promise<string> {
  const [user] = await db.query<{ email: string }>('SELECT email FROM users WHERE id = $1', [userId]);
  if (!user) throw new GantryError('NOT_FOUND', 'There is no such user.');
  return user.email;
}

async function stateOf(
  options: NotificationOptions,
  webhooks: Webhooks,
  userId: string,
): Promise<NotificationState> {
  const host = await webhooks.hostOf(userId);
  const problems = await options.db.query<{
    channel: SentChannel;
    at: Date;
    reason: string;
    gave_up: boolean;
    messages: number;
  }>(problemsSql, [userId]);
  return {
    email: {
      configured: options.smtpUrl !== undefined && options.mailFrom !== undefined,
      address: await emailOf(options.db, userId),
    },
    webhook: { set: host !== null, host },
    links: options.publicUrl !== undefined,
    perHour: options.perHour,
    problems: problems.map(({ channel, at, reason, gave_up, messages }) => ({
      channel,
      at: at.toISOString(),
      reason,
      gaveUp: gave_up,
      messages,
    })),
  };
}

/* What went wrong in the last day, unless something went out by the same channel since. */
const problemsSql = `
  SELECT channel, coalesce(max(ended_at), now()) AS at, error AS reason, state = 'failed' AS gave_up, count(*)::int AS messages
  FROM notifications n
  WHERE user_id = $1 AND error IS NOT NULL AND state <> 'sent' AND created_at > now() - interval '1 day'
    AND NOT EXISTS (SELECT FROM notifications s WHERE s.user_id = $1 AND s.channel = n.channel AND s.state = 'sent'
      AND s.ended_at > coalesce(n.ended_at, n.created_at))
  GROUP BY channel, error, state ORDER BY at DESC LIMIT 10`;
