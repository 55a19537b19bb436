import { z } from 'zod';

/** Ways that a server sends by; the browser's own notifications are the page's affair. */
export const sentChannelSchema = z.enum(['email', 'webhook']);
export type SentChannel = z.infer<typeof sentChannelSchema>;

/** How one person can be reached, and what went wrong with it lately. */
export const notificationStateSchema = z.object({
  email: z.object({
    configured: z.boolean().describe('False until an operator names a mail server.'),
    address: z.string(),
  }),
  webhook: z.object({ set: z.boolean(), host: z.string().nullable() }),
  links: z.boolean().describe('False until an operator says under which address Gantry is reached.'),
  perHour: z.int().describe('Messages by one channel in an hour at most; the rest comes as one summary.'),
  problems: z.array(
    z.object({
      channel: sentChannelSchema,
      at: z.iso.datetime(),
      reason: z.string(),
      gaveUp: z.boolean().describe('False while it is tried again.'),
      messages: z.int(),
    }),
  ),
});
export type NotificationState = z.infer<typeof notificationStateSchema>;

export const webhookSchema = z.strictObject({
  url: z
    .string()
    .min(1)
    .max(2048)
    .describe('Incoming webhook that understands Slack’s. It is never shown again.'),
});

/** What came of a test message, in words. */
export const testOutcomeSchema = z.object({ sent: z.boolean(), text: z.string() });
export type TestOutcome = z.infer<typeof testOutcomeSchema>;
