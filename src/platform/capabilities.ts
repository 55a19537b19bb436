import type { Logger } from '../base/logger.ts';
import { ensureRuntime } from '../base/runtime.ts';
import type { CapabilityModule, CapabilityResources } from '../capabilities/capability-module.ts';
import { capabilities } from '../capabilities/index.ts';
import type { Config } from '../config.ts';
import type { SandboxDriver } from '../resources/ports/sandbox.ts';
import { measureStarts, type SandboxStarts } from '../resources/sandbox-starts.ts';
import { openSandboxes } from './sandboxes.ts';

/** What runs can do here, and what isolates their programs. */
export interface OpenedCapabilities {
  readonly sandboxes: SandboxDriver;
  readonly modules: readonly CapabilityModule[];
  readonly starts: () => SandboxStarts | null;
}

/** Makes the capabilities; a worker's learn what this machine offers. `late` is asked only when runs work. */
export async function openCapabilities(
  config: Config,
  { worker, logger }: { readonly worker: boolean; readonly logger: Logger },
  late: Pick<CapabilityResources, 'artifacts' | 'settings' | 'agents' | 'programModels'>,
  progress: (text: string) => void,
  started: AsyncDisposableStack,
): Promise<OpenedCapabilities> {
  progress('checking what isolates programs');
  const { sandboxes, starts } = measureStarts(openSandboxes(config, logger));
  started.defer(() => sandboxes.close());
  if (worker) {
    await sandboxes.recover();
    await sandboxes.probe();
  }
  const { nodePath } = await ensureRuntime({ dataDir: config.dataDir });
  const warm = { count: config.sandboxWarm, languages: config.sandboxWarmLanguages };
  const forgeTalk = {
    ...{ label: config.triggerLabel, words: config.triggerWords, publicUrl: config.publicUrl ?? null },
    followUp: config.triggerFollowUp,
  };
  const modules = capabilities.map((create) =>
    create({ sandboxes, nodePath, warm, forgeTalk, logger, ...late }),
  );
  progress('looking for languages');
  if (worker) await Promise.all(modules.map((module) => module.prepare()));
  return { sandboxes, modules, starts };
}
