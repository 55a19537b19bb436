import type { Logger } from '../base/logger.ts';
import type { CapabilityModule } from '../capabilities/capability-module.ts';
import type { Config } from '../config.ts';
import { readGitHubWebhook } from '../drivers/forges/github/webhook.ts';
import { readGitLabWebhook } from '../drivers/forges/gitlab/webhook.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { createDeliveries, type Deliveries } from '../resources/deliveries/deliveries.ts';
import { readGitHubApp } from '../resources/repositories/github-app.ts';
import type { Repositories } from '../resources/repositories/repositories.ts';
import type { Secrets } from '../resources/secrets/secrets.ts';
import type { Database } from '../store/database.ts';

interface Parts {
  readonly db: Database;
  readonly secrets: Secrets;
  readonly repositories: Repositories;
  readonly kernel: Kernel;
  readonly modules: readonly CapabilityModule[];
  readonly logger: Logger;
}

/* Strangers may knock at any rate; the App's secret is unsealed once in this time. */
const keepAppMs = 30_000;

/** Webhooks of forges, told to the capabilities that hear them; those of repositories that aren't connected are dropped. */
export function openWebhooks(config: Config, parts: Parts, started: AsyncDisposableStack): Deliveries {
  const { db, secrets, repositories, kernel, modules, logger } = parts;
  const appSecret = rememberFor(keepAppMs, async () => (await readGitHubApp(secrets))?.webhookSecret ?? '');
  const deliveries = createDeliveries({
    db,
    logger,
    readers: { github: readGitHubWebhook, gitlab: readGitLabWebhook },
    secrets: async (forge) =>
      forge === 'gitlab'
        ? [config.gitlabWebhookSecret ?? '']
        : [config.githubWebhookSecret ?? '', await appSecret()],
    tell: async (id, delivery) => {
      const { forge, repository: remote, pageUrl } = delivery;
      const repository = await repositories.find(forge, remote, pageUrl);
      if (!repository) return;
      for (const module of modules) await module.hears?.({ id, delivery, repository }, kernel);
    },
  });
  started.defer(() => deliveries.close());
  return deliveries;
}

function rememberFor<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly until: number; readonly answer: Promise<T> } | undefined;
  return () => {
    if (!last || last.until < Date.now()) {
      const answer = ask();
      last = { until: Date.now() + ms, answer };
      answer.catch(() => (last = undefined));
    }
    return last.answer;
  };
}

/** Where GitHub can deliver to: null for a server that the world doesn't reach under a name of its own. */
export function webhookUrl(publicUrl: string | undefined, forge: 'github' | 'gitlab'): string | null {
  const url = URL.parse(publicUrl ?? '');
  if (url?.protocol !== 'https:' || /^(localhost|127\..*|\[::1\]|.*\.localhost)$/.test(url.hostname))
    return null;
  return new URL(`/webhooks/${forge}`, url).href;
}
