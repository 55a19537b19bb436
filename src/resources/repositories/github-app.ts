import { z } from 'zod';
import type { SecretScope } from '../secrets/secret-scope.ts';
import type { Secrets } from '../secrets/secrets.ts';

const appSchema = z.object({
  appId: z.string(),
  privateKey: z.string(),
  webhookSecret: z.string().nullable(),
  name: z.string(),
  slug: z.string(),
  webUrl: z.string(),
});
export type GitHubApp = z.infer<typeof appSchema>;

const place: SecretScope = { scope: 'system', owner: 'github' };

/** The GitHub App that was made by manifest, if there is one. */
export async function readGitHubApp(secrets: Secrets, use = 'repositories'): Promise<GitHubApp | undefined> {
  const text = await secrets.openSecret(place, 'app', use);
  return text === undefined ? undefined : appSchema.parse(JSON.parse(text));
}

export async function keepGitHubApp(secrets: Secrets, app: GitHubApp, by: string): Promise<void> {
  await secrets.putSecret(place, 'app', JSON.stringify(app), by);
}

/** Forgets it here; at GitHub it stays until its owner deletes it. NOT_FOUND when there is none. */
export async function forgetGitHubApp(secrets: Secrets): Promise<void> {
  await secrets.deleteSecret(place, 'app');
}
