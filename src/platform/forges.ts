import type { Config } from '../config.ts';
import { openForge } from '../drivers/forges/index.ts';
import { createEgress } from '../resources/egress/egress.ts';
import { createOutgoing, type Outgoing } from '../resources/outgoing/outgoing.ts';
import { createWebFetch } from '../resources/outgoing/web-fetch.ts';
import type { RunGit } from '../resources/ports/forge.ts';
import type { OpenForge } from '../resources/repositories/access.ts';
import { createRunGit } from '../resources/workspace/host-git.ts';
import { openGitWay } from './git-way.ts';

export interface ForgeDoors {
  readonly open: OpenForge;
  readonly outgoing: Outgoing;
}

/** The ways to forges: the operator's own are asked as they are, all others through the filters for what users name. */
export function openForges(config: Config, started: AsyncDisposableStack): ForgeDoors {
  const outgoing = createOutgoing({ allow: config.outgoingAllow });
  const fetch = createWebFetch({ allow: config.outgoingAllow });
  const filtered = { fetch, runGit: filteredGit(config, started) };
  const direct = { fetch: globalThis.fetch, runGit: createRunGit(async () => ({})) };
  return {
    outgoing,
    open: (kind, access, trusted) => openForge(kind, { ...access, ...(trusted ? direct : filtered) }),
  };
}

function filteredGit(config: Config, started: AsyncDisposableStack): RunGit {
  const egress = createEgress({ dataDir: config.dataDir });
  started.defer(() => egress.close());
  return async (question) => {
    const way = await openGitWay(config, egress, question.remote);
    try {
      return await createRunGit(async () => way ?? {})(question);
    } finally {
      await way?.close();
    }
  };
}
