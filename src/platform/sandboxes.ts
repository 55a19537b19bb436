import type { Logger } from '../base/logger.ts';
import type { Config } from '../config.ts';
import { sandboxDrivers } from '../drivers/sandboxes/index.ts';
import type { SandboxDriver } from '../resources/ports/sandbox.ts';

/** The sandbox driver that the configuration names; `gantry doctor` asks it what this machine offers. */
export function openSandboxes(config: Config, logger: Logger): SandboxDriver {
  return sandboxDrivers[config.sandboxDriver]({
    dataDir: config.dataDir,
    require: config.sandboxRequire,
    allowUnsafe: config.sandboxAllowUnsafe,
    diskBytes: config.sandboxDiskMib * 1024 ** 2,
    storageBytes: config.sandboxStorageGib === undefined ? undefined : config.sandboxStorageGib * 1024 ** 3,
    logger,
  });
}
