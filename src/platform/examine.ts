import { createLogger } from '../base/logger.ts';
import { toGantryError } from '../base/errors.ts';
import { lookAtLanguages } from '../capabilities/execution/look-at-languages.ts';
import type { Config } from '../config.ts';
import type { Check } from '../contract/system.ts';
import { lookAtDatabase } from '../resources/doctor/database.ts';
import { lookAtDisk } from '../resources/doctor/disk.ts';
import { lookAtForges } from '../resources/doctor/forges.ts';
import { lookAtGit, lookAtWorkspaces } from '../resources/doctor/git.ts';
import { lookAtModels } from '../resources/doctor/models.ts';
import { sandboxChecks } from '../resources/doctor/sandbox.ts';
import { modelSettingsOf } from './models.ts';
import { openSandboxes } from './sandboxes.ts';

type Look = (config: Config) => Promise<Check[]>;

const looks: readonly (readonly [what: string, look: Look])[] = [
  ['the data directory', ({ dataDir }) => lookAtDisk(dataDir)],
  ['the database', ({ databaseUrl, dataDir }) => lookAtDatabase(databaseUrl, dataDir)],
  ['what isolates programs, and the languages', lookAtSandbox],
  ['git and the workspaces', async () => [...(await lookAtGit()), ...(await lookAtWorkspaces())]],
  ['the forges', async (config) => lookAtForges(config)],
  ['the models', async (config) => lookAtModels(modelSettingsOf(config))],
];

/** Looks at all that Gantry needs of this machine; `onLook` is told what is looked at. Takes some seconds: it runs probes. */
export async function examine(config: Config, onLook: (what: string) => void): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [what, look] of looks) {
    onLook(what);
    checks.push(...(await look(config)));
  }
  return checks;
}

async function lookAtSandbox(config: Config): Promise<Check[]> {
  // What is missing shall be told, not refused.
  const sandboxes = openSandboxes({ ...config, sandboxAllowUnsafe: true }, createLogger('silent'));
  try {
    const capabilities = await sandboxes.probe();
    return [...sandboxChecks(capabilities, config), ...(await lookAtLanguages(config.dataDir, sandboxes))];
  } catch (thrown) {
    const remedy = 'Programs cannot run here before this is mended.';
    return [{ name: 'isolation', state: 'missing', detail: toGantryError(thrown).message, remedy }];
  } finally {
    await sandboxes.close();
  }
}
