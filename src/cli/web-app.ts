import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { GantryError } from '../base/errors.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = ['package-lock.json', 'vite.config.ts', 'src/{web,base,contract,capabilities}/**/*'];
const keptMs = 30 * 86_400_000;

/**
 * The directory of the built pages. They are built when their sources have changed, beside the sources where that is
 * allowed and under `dataDir` otherwise; the directory's name is the hash of the sources, so that two that build at
 * once agree, and a server that runs keeps its own. INTERNAL with what the builder said.
 */
export async function buildWebApp(dataDir: string, onProgress: (text: string) => void): Promise<string> {
  const name = `web-${hashSources()}`;
  const places = [join(root, 'dist'), join(dataDir, 'web')];
  const built = places.map((place) => join(place, name)).find((path) => existsSync(join(path, 'index.html')));
  if (built !== undefined) {
    await utimes(built, new Date(), new Date()).catch(() => undefined);
    return built;
  }
  onProgress('building the pages, once for this version');
  const place = places.find(isWritable) ?? join(dataDir, 'web');
  const target = join(place, name);
  const fresh = `${target}.${process.pid}`;
  try {
    await runVite(fresh);
    await compress(join(fresh, 'assets'));
    await rename(fresh, target).catch((error: unknown) => {
      if (!existsSync(join(target, 'index.html'))) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  await removeOld(place);
  return target;
}

function hashSources(): string {
  const files = sources
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .filter((path) => /\.(json|[jt]sx?|css|html|svg)$/.test(path) && !/\.test\.tsx?$/.test(path))
    .toSorted();
  const hash = createHash('sha256');
  for (const path of files)
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex').slice(0, 16);
}

function isWritable(path: string): boolean {
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function runVite(outDir: string): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--outDir', outDir, '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (code === 0) return;
  const said = `${out}${err}`.trim().split('\n').slice(0, 20).join('\n');
  throw new GantryError(
    'INTERNAL',
    `The pages could not be built (vite ended with ${String(code)}): ${said}`,
  );
}

/** What the server sends to a browser that takes gzip, which all do, made once. */
async function compress(directory: string): Promise<void> {
  const shrink = promisify(gzip);
  const names = (await readdir(directory)).filter((name) => /\.(js|css|svg)$/.test(name));
  for (const name of names) {
    const path = join(directory, name);
    await writeFile(`${path}.gz`, await shrink(await readFile(path), { level: 9 }));
  }
}

/** Another server may still send what it started with; only what nobody has started with for a month goes. */
async function removeOld(place: string): Promise<void> {
  const names = (await readdir(place)).filter((name) => /^web-[0-9a-f]{16}(\.\d+)?$/.test(name));
  for (const name of names) {
    const path = join(place, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > keptMs) await rm(path, { recursive: true, force: true });
  }
}
