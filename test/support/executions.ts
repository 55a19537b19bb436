import { chmodSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../src/base/logger.ts';
import { ensureRuntime } from '../../src/base/runtime.ts';
import type { CapabilityResources } from '../../src/capabilities/capability-module.ts';
import { sandboxDrivers } from '../../src/drivers/sandboxes/index.ts';

/** What a capability may use, with a real sandbox driver of its own; `close` ends and removes all of it. */
export async function openResources(
  warm: CapabilityResources['warm'] = { count: 0, languages: [] },
): Promise<CapabilityResources & { close(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gantry-execution-'));
  chmodSync(dataDir, 0o755);
  const logger = createLogger('warn');
  const { nodePath } = await ensureRuntime({ dataDir });
  const sandboxes = sandboxDrivers.bubblewrap({
    dataDir,
    require: [],
    allowUnsafe: true,
    diskBytes: 1_073_741_824,
    logger,
  });
  return {
    sandboxes,
    nodePath,
    warm,
    logger,
    close: async () => {
      await sandboxes.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
