import type { Logger } from '../../base/logger.ts';
import type { SandboxDriver } from '../../resources/ports/sandbox.ts';
import { createBubblewrapDriver } from './bubblewrap/driver.ts';

/** What every driver is made from. */
export interface SandboxDriverOptions {
  /** Gantry's data directory; sandboxes live in `sandboxes` below it. */
  readonly dataDir: string;
  /** What must be enforced, at least per process: memory, cpu, processes, disk, network. */
  readonly require: readonly string[];
  /** Run programs although less is enforced. */
  readonly allowUnsafe: boolean;
  /** All workspaces together, in bytes. */
  readonly diskBytes: number;
  /** Workspaces on storage together, and again all saved layers, in bytes; half of what is free when left out. */
  readonly storageBytes?: number | undefined;
  readonly logger: Logger;
}

/** The drivers by the name that the configuration uses. */
export const sandboxDrivers = {
  bubblewrap: createBubblewrapDriver,
} as const satisfies Record<string, (options: SandboxDriverOptions) => SandboxDriver>;
