import { dirname } from 'node:path';
import { ensureRuntime } from '../../base/runtime.ts';
import type { Check } from '../../contract/system.ts';
import type { SandboxDriver } from '../../resources/ports/sandbox.ts';
import { discover } from './discover.ts';
import { languages, nodeDirectory } from './languages/table.ts';

/** Which languages sandboxes offer here, found out by starting each in one. */
export async function lookAtLanguages(dataDir: string, sandboxes: SandboxDriver): Promise<Check[]> {
  const { nodePath } = await ensureRuntime({ dataDir });
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
