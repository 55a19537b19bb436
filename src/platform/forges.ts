import type { Config } from '../config.ts';
import { openForge } from '../drivers/forges/index.ts';
import { createEgress } from '../resources/egress/egress.ts';
import { readAllowList } from '../resources/outgoing/address-rules.ts';
import { createOutgoing, type Outgoing } from '../resources/outgoing/outgoing.ts';
import { createWebFetch } from '../resources/outgoing/web-fetch.ts';
import type { RunGit } from '../resources/ports/forge.ts';
import type { OpenForge } from '../resources/repositories/access.ts';
import { createRunGit } from '../resources/workspace/host-git.ts';

export interface ForgeDoors {
  readonly open: OpenForge;
  readonly outgoing: Outgoing;
}

/** The ways to forges: the operator's own are asked as they are, all others through the filters for what users name. */
export function openForges(config: Config, started: AsyncDisposableStack): ForgeDoors {
  const outgoing = createOutgoing({ allow: config.outgoingAllow });
  const fetch = createWebFetch({ allow: config.outgoingAllow });
  const filtered = { fetch, runGit: filteredGit(config, started) };
  const direct = { fetch: globalThis.fetch, runGit: createRunGit(async () => undefined) };
  return {
    outgoing,
    open: (kind, access, trusted) => openForge(kind, { ...access, ...(trusted ? direct : filtered) }),
  };
}

/** Git goes to an address of a user through a proxy of its own, which lets it reach that one place. */
function filteredGit(config: Config, started: AsyncDisposableStack): RunGit {
  const egress = createEgress({ dataDir: config.dataDir });
  started.defer(() => egress.close());
  const inside = readAllowList(config.outgoingAllow);
  return async (question) => {
    const url = URL.parse(question.remote);
    if (!url || !/^https?:$/.test(url.protocol)) return createRunGit(async () => undefined)(question);
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    const proxy = await egress.openHostProxy({
      allow: [`${url.hostname}:${port}`],
      inside,
      onDecision: () => undefined,
    });
    try {
      return await createRunGit(async () => proxy.url)(question);
    } finally {
      await proxy.close();
    }
  };
}
