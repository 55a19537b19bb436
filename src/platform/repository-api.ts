import { gitHubAppRoutes } from '../api/github-app-routes.ts';
import { repositoryRoutes } from '../api/repository-routes.ts';
import type { Config } from '../config.ts';
import type { ApiRoute } from '../contract/api.ts';
import { createGitHubApps } from '../resources/repositories/github-app.ts';
import type { Repositories } from '../resources/repositories/repositories.ts';
import type { Secrets } from '../resources/secrets/secrets.ts';
import { webhookUrl } from './webhooks.ts';

interface Parts {
  readonly repositories: Repositories;
  readonly secrets: Secrets;
  readonly signingSecret: string;
  /** Where people reach the server, once it listens. */
  readonly address: () => string;
}

/** The operations of repositories, and of the GitHub App, which is made at the GitHub that is configured. */
export function repositoryApi(
  config: Config,
  { repositories, secrets, signingSecret, address }: Parts,
): ApiRoute[] {
  const baseUrl = config.githubBaseUrl;
  // Loaded at first use: hardly any server makes an App.
  const manifest = () => import('../drivers/forges/github/app-manifest.ts');
  const apps = createGitHubApps({
    secrets,
    signingSecret,
    isConfigured: config.githubAppId !== undefined && config.githubAppPrivateKey !== undefined,
    formOf: async (place) => {
      const url = address();
      const name = `Gantry ${new URL(url).hostname}`;
      const plan = {
        ...{ name, url, redirectUrl: new URL('/repositories', url).href },
        webhookUrl: webhookUrl(config.publicUrl, 'github'),
      };
      return (await manifest()).appForm(plan, { ...place, baseUrl });
    },
    convert: async (code) => (await manifest()).convertManifest(code, { fetch: globalThis.fetch, baseUrl }),
  });
  return [...repositoryRoutes(repositories), ...gitHubAppRoutes(apps)];
}
