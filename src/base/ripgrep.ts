import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, realpath, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { GantryError } from './errors.ts';
import { newToken } from './ids.ts';

const packages = createRequire(import.meta.url);

/**
 * Puts the ripgrep of this machine's package under the data directory, once, where sandboxes may see it. Answers the path
 * of the program; SANDBOX_UNAVAILABLE when there is none for this machine.
 */
export async function ensureRipgrep(options: { readonly dataDir: string }): Promise<string> {
  const { source, version } = await findRipgrep();
  const directory = join(options.dataDir, 'runtime', `ripgrep-${version}`, 'bin');
  const rgPath = join(directory, 'rg');
  if (existsSync(rgPath)) return rgPath;
  await mkdir(directory, { recursive: true });
  // Whatever umask Gantry was started under.
  for (const level of ['.', '..', '../..']) await chmod(join(directory, level), 0o755);
  const temporary = `${rgPath}.${newToken(6)}.tmp`;
  try {
    await copyFile(source, temporary);
    await chmod(temporary, 0o755);
    await rename(temporary, rgPath);
  } finally {
    await rm(temporary, { force: true });
  }
  return rgPath;
}

async function findRipgrep(): Promise<{ source: string; version: string }> {
  const { platform, arch } = process;
  const name = `@vscode/ripgrep-${platform}-${arch}`;
  try {
    const about: { version?: unknown } = JSON.parse(
      await readFile(packages.resolve(`${name}/package.json`), 'utf8'),
    );
    const version = String(about.version);
    return { source: await realpath(packages.resolve(`${name}/bin/rg`)), version };
  } catch (cause) {
    const what = `There is no ripgrep for ${platform} on ${arch}, which agents search with. Install Gantry's dependencies again: npm ci.`;
    throw new GantryError('SANDBOX_UNAVAILABLE', what, { cause });
  }
}
