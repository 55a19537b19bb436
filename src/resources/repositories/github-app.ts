import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { GantryError } from '../../base/errors.ts';
import type { GitHubAppState } from '../../contract/repository.ts';
import type { SecretScope } from '../secrets/secret-scope.ts';
import type { Secrets } from '../secrets/secrets.ts';

const appSchema = z.object({
  appId: z.string(),
  slug: z.string(),
  name: z.string(),
  webUrl: z.string(),
  installUrl: z.string(),
  privateKey: z.string(),
  webhookSecret: z.string().nullable(),
  clientId: z.string(),
  clientSecret: z.string(),
});
export type GitHubApp = z.infer<typeof appSchema>;

/** A form that a browser posts to GitHub, which then asks its user and sends the browser back. */
export interface AppForm {
  readonly action: string;
  readonly fields: { readonly manifest: string };
}

/** The GitHub App of this server: made at GitHub by a form, sealed here, used by all repositories that it is installed on. */
export interface GitHubApps {
  state(): Promise<GitHubAppState>;
  /** CONFLICT when there is one already. */
  form(userId: string, organization: string | undefined): Promise<AppForm>;
  /** With what GitHub sent the browser back with. FORBIDDEN when this user did not ask for it within the hour. */
  finish(userId: string, answer: { readonly code: string; readonly state: string }): Promise<GitHubAppState>;
  /** Here only: at GitHub it stays. NOT_FOUND when none was made by a form. */
  forget(): Promise<void>;
}

export interface GitHubAppsOptions {
  readonly secrets: Secrets;
  /** Signs what comes back with the browser; the same in all servers. */
  readonly signingSecret: string;
  /** An App that the configuration gives goes before one that was made. */
  readonly isConfigured: boolean;
  readonly formOf: (place: { readonly organization?: string; readonly state: string }) => Promise<AppForm>;
  readonly convert: (code: string) => Promise<GitHubApp>;
}

const place: SecretScope = { scope: 'system', owner: 'github' };
const stateMs = 3_600_000;

/** The App that was made by a form, if there is one. */
export async function readGitHubApp(secrets: Secrets): Promise<GitHubApp | undefined> {
  const text = await secrets.openSecret(place, 'app', 'repositories');
  return text === undefined ? undefined : appSchema.parse(JSON.parse(text));
}

export function createGitHubApps(options: GitHubAppsOptions): GitHubApps {
  const { secrets, signingSecret, isConfigured } = options;
  const sign = (userId: string, expires: string) =>
    createHmac('sha256', signingSecret).update(`github app\0${userId}\0${expires}`).digest('base64url');
  const state = async (): Promise<GitHubAppState> => {
    if (isConfigured) return { from: 'settings', name: null, webUrl: null, installUrl: null };
    const app = await readGitHubApp(secrets);
    if (!app) return { from: null, name: null, webUrl: null, installUrl: null };
    return { from: 'form', name: app.name, webUrl: app.webUrl, installUrl: app.installUrl };
  };
  const refuseSecond = async () => {
    if ((await state()).from === null) return;
    throw new GantryError(
      'CONFLICT',
      'This server has a GitHub App already. Forget it first, to make another.',
    );
  };
  return {
    state,
    form: async (userId, organization) => {
      await refuseSecond();
      const expires = String(Date.now() + stateMs);
      const given = organization === undefined ? {} : { organization };
      return options.formOf({ ...given, state: `${expires}.${sign(userId, expires)}` });
    },
    finish: async (userId, answer) => {
      const [expires = '', signature = ''] = answer.state.split('.');
      const [sent, right] = [Buffer.from(signature), Buffer.from(sign(userId, expires))];
      const known = sent.length === right.length && timingSafeEqual(sent, right);
      if (!known || !(Number(expires) > Date.now())) {
        const message =
          'This answer of GitHub belongs to no form that you opened within the last hour. Begin again on the page Repositories.';
        throw new GantryError('FORBIDDEN', message);
      }
      await refuseSecond();
      const app = appSchema.parse(await options.convert(answer.code));
      await secrets.putSecret(place, 'app', JSON.stringify(app), userId);
      return state();
    },
    forget: () => secrets.deleteSecret(place, 'app'),
  };
}
