import type { Logger } from '../base/logger.ts';
import type { ApiRoute, ApiSocket } from '../contract/api.ts';
import type { Repository } from '../contract/repository.ts';
import type { Run } from '../contract/run.ts';
import type { StateChange } from '../contract/run-state.ts';
import type { InstanceSettings } from '../contract/settings.ts';
import type { McpServer } from '../harness/mcp/servers.ts';
import type { Capability } from '../kernel/capability.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Documents } from '../resources/documents/documents.ts';
import type { Artifacts } from '../resources/artifacts.ts';
import type { Gateway } from '../resources/gateway/gateway.ts';
import type { ProgramModels } from '../resources/gateway/program-models.ts';
import type { ForgeDelivery } from '../resources/ports/forge-delivery.ts';
import type { SandboxDriver } from '../resources/ports/sandbox.ts';
import type { Repositories } from '../resources/repositories/repositories.ts';
import type { Workspaces } from '../resources/workspace/workspace.ts';

/** What agents work with. */
export interface AgentResources {
  readonly gateway: Gateway;
  readonly workspaces: Workspaces;
  readonly repositories: Pick<Repositories, 'get' | 'list' | 'forge'>;
  /** A ripgrep that sandboxes may see. */
  readonly rgPath: string;
  /** MCP servers of the operator. */
  readonly mcpServers: readonly McpServer[];
}

/** How people at forges speak with Gantry. */
export interface ForgeTalk {
  /** Of an issue: starts a session. */
  readonly label: string;
  /** What a comment for Gantry begins with. */
  readonly words: readonly string[];
  /** Whether sessions that begin at an issue look after their pull request. */
  readonly followUp: boolean;
  /** Where people find the pages of this server; null when it has no address for all. */
  readonly publicUrl: string | null;
}

/** What a capability may use; `platform.ts` hands it over. */
export interface CapabilityResources {
  readonly sandboxes: SandboxDriver;
  readonly artifacts: Artifacts;
  /** The Node binary that sandboxes may see, for JavaScript and TypeScript. */
  readonly nodePath: string;
  readonly warm: { readonly count: number; readonly languages: readonly string[] };
  /** What the instance is set to now; asked at the time of use, because it changes while Gantry runs. */
  readonly settings: () => InstanceSettings;
  readonly forgeTalk: ForgeTalk;
  /** There once the store is open; asked at the time of use. */
  readonly agents: () => AgentResources;
  /** The same of models for programs in sandboxes. */
  readonly programModels: () => ProgramModels;
  readonly logger: Logger;
}

/** What routes may use besides the kernel. */
export interface CapabilityData {
  readonly documents: Documents;
}

/** Something that happened at the forge of a connected repository. */
export interface Heard {
  /** Of the delivery; the same when it is told again. */
  readonly id: string;
  readonly delivery: ForgeDelivery;
  readonly repository: Repository;
}

/** One capability whole: its story for the kernel, its routes for the API, and what a worker does at its start and end. */
export interface CapabilityModule {
  readonly capability: Capability;
  routes(kernel: Kernel, data: CapabilityData): readonly ApiRoute[];
  /** Told of what forges deliver, in one of the servers; once, or again when that was cut short. Throwing has it told again. */
  hears?(heard: Heard, kernel: Kernel): Promise<void>;
  /** Told of each run of it that a worker of this process ended, to count what came of it; `states` is what it stood at. */
  ended?(run: Run, states: () => Promise<readonly StateChange[]>): Promise<void>;
  sockets?(kernel: Kernel): readonly ApiSocket[];
  /** Called once in every process that works, before the first run: finds out what the machine offers. */
  prepare(): Promise<void>;
  /** What the machine has that not every worker has, by the names that the capability's `needs` gives; after `prepare`. */
  offers?(): readonly string[];
  /** Told now and then what all workers have, by the same names; null when no worker has said so. */
  learn?(offers: readonly string[] | null): void;
  /** Called in a worker after `prepare`: fills pools. */
  warmUp(): Promise<void>;
}

export type CreateCapability = (resources: CapabilityResources) => CapabilityModule;
