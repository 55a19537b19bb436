import { inboxRoutes } from '../api/inbox-routes.ts';
import { notificationRoutes } from '../api/notification-routes.ts';
import type { Logger } from '../base/logger.ts';
import type { Config } from '../config.ts';
import type { ApiRoute } from '../contract/api.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { createInboxFeed } from '../resources/inbox/feed.ts';
import { createInbox } from '../resources/inbox/inbox.ts';
import { startNotifications } from '../resources/notifications/notifications.ts';
import { createOutgoing } from '../resources/outgoing/outgoing.ts';
import type { RateLimit } from '../resources/rate-limit.ts';
import type { Secrets } from '../resources/secrets/secrets.ts';
import { readUserSettings } from '../resources/settings/user-settings.ts';
import type { Database } from '../store/database.ts';
import type { Listener } from '../store/listen.ts';

/** Inboxes, and what tells people of what is new in them. */
export function openInbox(
  config: Config,
  { db, listener }: { readonly db: Database; readonly listener: Listener },
  parts: { kernel: Kernel; secrets: Secrets; rateLimit: RateLimit; logger: Logger },
  started: AsyncDisposableStack,
): ApiRoute[] {
  const outgoing = createOutgoing({ allow: config.outgoingAllow });
  const notifications = startNotifications({
    db,
    listener,
    ...parts,
    outgoing,
    preferencesOf: (userId, tx) => readUserSettings(tx, userId),
    smtpUrl: config.smtpUrl,
    mailFrom: config.mailFrom,
    publicUrl: config.publicUrl,
    perHour: config.notificationsPerHour,
    log: parts.logger,
  });
  started.defer(() => notifications.close());
  const feed = createInboxFeed(listener);
  started.defer(() => feed.close());
  return [...inboxRoutes(createInbox(db, parts.kernel, feed)), ...notificationRoutes(notifications)];
}
