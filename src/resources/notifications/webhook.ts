import type { Outgoing } from '../outgoing/outgoing.ts';
import type { OutgoingReply } from '../outgoing/exchange.ts';
import type { SecretScope } from '../secrets/secret-scope.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { postponed, undeliverable, type Channel } from './channel.ts';
import type { Message } from './message.ts';
import { escapeSlack, unmarked } from './plain-words.ts';

const secretName = 'notifications.webhook';

/** A person's incoming webhook. Its address is a password, so it is sealed, and only its host is ever shown. */
export interface Webhooks {
  readonly channel: Channel;
  /** The host of the address that is set; null when none is. */
  hostOf(userId: string): Promise<string | null>;
  /** OUTGOING_REFUSED when the address may not be reached. */
  set(userId: string, url: string): Promise<void>;
  /** NOT_FOUND when none is set. */
  clear(userId: string): Promise<void>;
}

export function createWebhooks(secrets: Secrets, outgoing: Outgoing): Webhooks {
  const urlOf = (userId: string) => secrets.openSecret(scopeOf(userId), secretName);
  return {
    hostOf: async (userId) => {
      const url = await urlOf(userId);
      return url === undefined ? null : (URL.parse(url)?.host ?? null);
    },
    set: async (userId, url) => {
      const checked = await outgoing.check(url.trim());
      await secrets.putSecret(scopeOf(userId), secretName, checked.href, userId);
    },
    clear: (userId) => secrets.deleteSecret(scopeOf(userId), secretName),
    channel: {
      send: async ({ userId }, message, signal) => {
        const url = await urlOf(userId);
        if (url === undefined) throw undeliverable('No webhook is set.');
        const reply = await outgoing.fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': message.id },
          body: JSON.stringify(payloadOf(message)),
          maxBytes: 65_536,
          timeoutMs: 15_000,
          signal,
        });
        assertTaken(reply);
      },
    },
  };
}

function scopeOf(owner: string): SecretScope {
  return { scope: 'user', owner };
}

/* As Slack's incoming webhooks take it; Mattermost, Rocket.Chat and others understand the same. */
function payloadOf({ subject, lines, link }: Message) {
  const text = (line: string) => escapeSlack(unmarked(line));
  const body = [`*${text(subject)}*`, ...lines.map(text)];
  if (link) body.push(`<${link.url}|${link.label}>`);
  return {
    text: body.join('\n'),
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
  };
}

function assertTaken({ status, headers, body }: OutgoingReply): void {
  if (status >= 200 && status < 300) return;
  const said = Buffer.from(body).toString('utf8').slice(0, 200);
  const words = `The webhook answered ${status}${said === '' ? '' : `: ${said}`}`;
  const wait = Number(headers['retry-after']);
  if (status === 429 || status === 408 || status >= 500)
    throw postponed(words, undefined, Number.isFinite(wait) && wait > 0 ? Math.min(wait, 3600) : undefined);
  throw undeliverable(words);
}
