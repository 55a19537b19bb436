import type { Config } from '../config.ts';
import type { ForgeKind } from '../resources/ports/forge.ts';
import type { InstanceAccess } from '../resources/repositories/access.ts';
import { createRepositories } from '../resources/repositories/create-repositories.ts';
import { readGitHubApp } from '../resources/repositories/github-app.ts';
import type { Repositories } from '../resources/repositories/repositories.ts';
import type { Secrets } from '../resources/secrets/secrets.ts';
import type { Database } from '../store/database.ts';
import type { ForgeDoors } from './forges.ts';

/** The repositories that runs may use, reached by the operator's forges and credentials or by their own. */
export function openRepositories(
  config: Config,
  parts: {
    readonly db: Database;
    readonly secrets: Secrets;
    readonly forges: ForgeDoors;
    readonly forget: (name: string) => Promise<void>;
  },
): Repositories {
  const { db, secrets, forges, forget } = parts;
  return createRepositories({
    db,
    secrets,
    forget,
    open: forges.open,
    checkOutgoing: (url) => forges.outgoing.check(url),
    bases: { github: config.githubBaseUrl, gitlab: config.gitlabBaseUrl },
    paths: config.repositoryPaths,
    instance: (kind) => instanceAccess(config, secrets, kind),
  });
}

async function instanceAccess(
  config: Config,
  secrets: Secrets,
  kind: ForgeKind,
): Promise<InstanceAccess | undefined> {
  if (kind === 'gitlab') return { token: config.gitlabToken };
  if (kind === 'git') return undefined;
  const { githubAppId: appId, githubAppPrivateKey: privateKey, githubToken: token } = config;
  const app =
    appId !== undefined && privateKey !== undefined ? { appId, privateKey } : await readGitHubApp(secrets);
  return { app, token };
}
