import { z } from 'zod';
import { flag, list } from './fields.ts';

const secret = () => z.string().min(16, 'must be 16 characters at least').optional();

/** What forges tell this server, and what people write there to start a session. */
export const webhookSettings = {
  githubWebhookSecret: secret().describe(
    'Secret of webhooks of GitHub, which deliver to /webhooks/github. An App that was made in the app brings its own.',
  ),
  gitlabWebhookSecret: secret().describe(
    'Secret token of webhooks of GitLab, which deliver to /webhooks/gitlab.',
  ),
  triggerLabel: z
    .string()
    .min(1)
    .max(50)
    .default('gantry')
    .describe('Label of an issue at the forge that starts a session.'),
  triggerWords: list()
    .default(['/gantry', '@gantry'])
    .describe('Words that start a session when a comment on an issue begins with one of them.'),
  triggerFollowUp: flag()
    .default(false)
    .describe('Sessions that issues start stay with their pull request: they answer reviews and mend CI.'),
};
