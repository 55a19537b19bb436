import { discover } from '../capabilities/execution/discover.ts';
import { languages, nodeDirectory } from '../capabilities/execution/languages/table.ts';
import { dirname } from 'node:path';
import { ensureRuntime } from '../base/runtime.ts';
import type { Config } from '../config.ts';
import type { SandboxDriver } from '../resources/ports/sandbox.ts';
import type { Check } from './doctor.ts';

/** Which languages sandboxes offer here, found out by starting each in one. */
export async function lookAtLanguages(config: Config, sandboxes: SandboxDriver): Promise<Check[]> {
  const { nodePath } = await ensureRuntime({ dataDir: config.dataDir });
  const found = await discover(sandboxes, languages, [{ source: dirname(nodePath), target: nodeDirectory }]);
  const offered = languages.flatMap(({ name }) => {
    const versions = found.filter(({ language }) => language.name === name).map(({ version }) => version);
    return versions.length === 0 ? [] : [`${name} ${versions.join(', ')}`];
  });
  const absent = languages
    .map(({ name }) => name)
    .filter((name) => !found.some(({ language }) => language.name === name));
  if (offered.length === 0) {
    const remedy = 'Install one, for example: apt-get install python3';
    return [{ name: 'languages', state: 'missing', detail: 'none', remedy }];
  }
  const detail = offered.join('; ');
  return [
    { name: 'languages', state: 'ok', detail },
    ...(absent.length === 0
      ? []
      : [
          {
            name: 'languages',
            state: 'ok' as const,
            detail: `not installed below /usr, where sandboxes see them: ${absent.join(', ')}`,
          },
        ]),
  ];
}
