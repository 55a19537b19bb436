import type { InstallDependencies } from '../workspace/dependencies-hook.ts';
import type { Dependencies } from './dependencies.ts';

/** Installs what a workspace's repository asks for, before the workspace is handed out. */
export function workspaceDependencies(dependencies: () => Promise<Dependencies>): InstallDependencies {
  return async ({ step, base, tenant, layers, mounts, disk }) => {
    const place = { tenant, trust: base.trust, layers, mounts, disk, signal: step.signal };
    const house = await dependencies();
    const environment = await house.survey(place);
    const result = await house.install({ ...place, environment, onEvent: (event) => step.emit(event) });
    return {
      layers: result.layers,
      told: result.installed.map(({ name, from, durationMs }) => ({ name, from, durationMs })),
      env: result.env,
      ignore: result.ignore,
    };
  };
}
