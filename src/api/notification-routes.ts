import { z } from 'zod';
import { route, type ApiRoute } from '../contract/api.ts';
import {
  notificationStateSchema,
  sentChannelSchema,
  testOutcomeSchema,
  webhookSchema,
} from '../contract/notification.ts';
import type { Notifications } from '../resources/notifications/notifications.ts';

const tag = 'inbox';

/** How one is told of what is in one's inbox. What of, and when not, is part of one's settings. */
export function notificationRoutes(notifications: Notifications): ApiRoute[] {
  return [
    showState(notifications),
    setWebhook(notifications),
    clearWebhook(notifications),
    sendTest(notifications),
  ];
}

function showState(notifications: Notifications): ApiRoute {
  return route({
    method: 'GET',
    path: '/me/notifications',
    summary: 'Show by which channels you can be reached, and what went wrong lately',
    tag,
    role: 'viewer',
    replies: { 200: notificationStateSchema },
    handle: async ({ actor }) => ({ body: await notifications.stateOf(actor.userId) }),
  });
}

function setWebhook(notifications: Notifications): ApiRoute {
  return route({
    method: 'PUT',
    path: '/me/notifications/webhook',
    summary: 'Set your webhook',
    description: 'Its address is sealed and never shown again. It must lead to the public internet.',
    tag,
    role: 'member',
    audit: { keep: [] },
    body: webhookSchema,
    replies: { 200: notificationStateSchema },
    handle: async ({ actor, body }) => {
      await notifications.webhooks.set(actor.userId, body.url);
      return { body: await notifications.stateOf(actor.userId) };
    },
  });
}

function clearWebhook(notifications: Notifications): ApiRoute {
  return route({
    method: 'DELETE',
    path: '/me/notifications/webhook',
    summary: 'Forget your webhook',
    tag,
    role: 'viewer',
    replies: { 204: z.undefined() },
    handle: async ({ actor }) => {
      await notifications.webhooks.clear(actor.userId);
      return { status: 204 };
    },
  });
}

function sendTest(notifications: Notifications): ApiRoute {
  return route({
    method: 'POST',
    path: '/me/notifications/test',
    summary: 'Send yourself a test message, and hear what came of it',
    tag,
    role: 'viewer',
    audit: { keep: ['channel'] },
    body: z.strictObject({ channel: sentChannelSchema }),
    replies: { 200: testOutcomeSchema },
    handle: async ({ actor, body }) => ({ body: await notifications.test(actor.userId, body.channel) }),
  });
}
