import { GantryError } from '../base/errors.ts';
import { ensureRipgrep } from '../base/ripgrep.ts';
import type { AgentResources } from '../capabilities/capability-module.ts';
import type { Config } from '../config.ts';
import { configuredServers } from '../harness/mcp/servers.ts';

/** What agents work with, for capabilities that are made before it is there. */
export interface LateAgents {
  /** INTERNAL before it was set. */
  readonly get: () => AgentResources;
  open(
    config: Config,
    resources: Pick<AgentResources, 'gateway' | 'workspaces' | 'repositories'>,
  ): Promise<void>;
}

export function lateAgents(): LateAgents {
  let there: AgentResources | undefined;
  return {
    get: () => {
      if (there) return there;
      throw new GantryError('INTERNAL', 'Agents were asked for before the start was over. Try again.');
    },
    open: async ({ dataDir, mcpServers }, resources) => {
      const rgPath = await ensureRipgrep({ dataDir });
      there = { ...resources, rgPath, mcpServers: configuredServers(mcpServers) };
    },
  };
}
