import { ensureRuntime } from '../base/runtime.ts';
import type { Config } from '../config.ts';
import { createDependencies, type Dependencies } from '../resources/dependencies/dependencies.ts';
import { readRegistries } from '../resources/dependencies/registries.ts';
import { workspaceDependencies } from '../resources/dependencies/workspace-dependencies.ts';
import type { Egress } from '../resources/egress/egress.ts';
import { ensureShim } from '../resources/egress/shim.ts';
import type { SandboxDriver } from '../resources/ports/sandbox.ts';
import type { InstallDependencies } from '../resources/workspace/dependencies-hook.ts';

/** How workspaces get their packages; made ready at the first install. CONFIG_INVALID for a registry that is none. */
export function openDependencies(
  config: Config,
  sandboxes: SandboxDriver,
  egress: Egress,
): InstallDependencies {
  const registries = readRegistries(config.packageRegistries, config.packageHosts);
  let opening: Promise<Dependencies> | undefined;
  const open = async (): Promise<Dependencies> => {
    const { dataDir } = config;
    const shim = await ensureShim({ dataDir, ...(await ensureRuntime({ dataDir })) });
    return createDependencies({ sandboxes, egress, shim, registries });
  };
  return workspaceDependencies(
    () =>
      (opening ??= open().catch((cause: unknown) => {
        opening = undefined;
        throw cause;
      })),
  );
}
