import { z } from 'zod';
import { byLockfile, type Candidate, type Installer } from './installer.ts';

const shared = {
  ecosystem: 'node',
  hosts: ['registry.npmjs.org:443', 'registry.yarnpkg.com:443'],
  keeps: ['node_modules'],
  use: () => ({}),
} as const;

const manifests = ['package.json', '.npmrc', '.node-version', '.nvmrc'];
const quiet = { npm_config_update_notifier: 'false', npm_config_logs_max: '0', CI: '1' };
const registryEnv = (url: URL) => ({ npm_config_registry: url.href });

const local = /\b(file|portal|exec|patch):/;

/* What else can be set runs programs, or reads files, that lie in the repository. */
const harmless =
  /^\s*([#;].*|((@[\w.-]+:)?registry|\/\/\S+|save-exact|save-prefix|engine-strict|legacy-peer-deps|strict-peer-dependencies|auto-install-peers|shamefully-hoist|public-hoist-pattern(\[\])?|fund|audit|loglevel|progress|package-lock|lockfile|install-strategy|hoist|node-linker|ignore-scripts)\s*=.*)?$/;

/** By the lockfile, and by the settings that lie beside it. */
const withSettings =
  (match: Installer['match']): Installer['match'] =>
  async (candidate) => {
    const found = await match(candidate);
    if (!found || !candidate.names.has('.npmrc')) return found;
    const lines = (await candidate.read('.npmrc'))?.split(/\r?\n/);
    const isHarmless = lines?.every((line) => harmless.test(line)) ?? false;
    return { ...found, readsTree: found.readsTree || !isHarmless };
  };

/** Yarn runs the program that these name, which lies in the repository. */
const ownYarn = ({ names }: Candidate): boolean => names.has('.yarnrc') || names.has('.yarnrc.yml');

/* A lockfile of the second Yarn says so in its first lines. */
const isBerry = async ({ read }: Candidate): Promise<boolean> =>
  /^__metadata:/m.test((await read('yarn.lock'))?.slice(0, 2000) ?? '');

const npm: Installer = {
  ...shared,
  name: 'npm',
  program: 'npm',
  version: 'npm --version && node --version && node -p process.versions.modules',
  match: withSettings(byLockfile(local, 'npm-shrinkwrap.json', 'package-lock.json')),
  manifests: [...manifests, 'package-lock.json', 'npm-shrinkwrap.json'],
  install: 'npm ci --ignore-scripts --no-audit --no-fund --no-progress',
  env: { ...quiet, npm_config_cache: '/private/npm' },
  registryEnv,
};

const pnpm: Installer = {
  ...shared,
  name: 'pnpm',
  program: 'pnpm',
  version: 'pnpm --version && node --version',
  match: withSettings(byLockfile(/\bfile:|^patchedDependencies:|^pnpmfileChecksum:/m, 'pnpm-lock.yaml')),
  manifests: [...manifests, 'pnpm-lock.yaml', 'pnpm-workspace.yaml'],
  install:
    'pnpm install --frozen-lockfile --ignore-scripts --ignore-pnpmfile --package-import-method copy --store-dir /private/pnpm',
  env: { ...quiet, npm_config_manage_package_manager_versions: 'false', XDG_CACHE_HOME: '/private/cache' },
  registryEnv,
};

const yarnClassic: Installer = {
  ...shared,
  name: 'yarn',
  program: 'yarn',
  version: 'yarn --version && node --version',
  match: withSettings(async (candidate) => {
    if (!candidate.names.has('yarn.lock') || (await isBerry(candidate))) return undefined;
    const text = (await candidate.read('yarn.lock')) ?? '';
    return { lockfile: 'yarn.lock', readsTree: ownYarn(candidate) || local.test(text) };
  }),
  manifests: [...manifests, 'yarn.lock', '.yarnrc'],
  install:
    'yarn install --frozen-lockfile --ignore-scripts --non-interactive --no-progress --cache-folder /private/yarn',
  env: quiet,
  registryEnv: (url) => ({ ...registryEnv(url), YARN_REGISTRY: url.href }),
};

const yarnBerry: Installer = {
  ...shared,
  name: 'yarn berry',
  program: 'yarn',
  version: 'yarn --version && node --version',
  match: async (candidate) => {
    if (!candidate.names.has('yarn.lock') || !(await isBerry(candidate))) return undefined;
    return { lockfile: 'yarn.lock', readsTree: true };
  },
  manifests: [...manifests, 'yarn.lock', '.yarnrc.yml'],
  install: 'yarn install --immutable --mode=skip-build',
  env: { ...quiet, YARN_ENABLE_TELEMETRY: '0', YARN_ENABLE_GLOBAL_CACHE: '0' },
  registryEnv: (url) => ({ YARN_NPM_REGISTRY_SERVER: url.href }),
  keeps: [...shared.keeps, '.yarn', '.pnp.cjs', '.pnp.loader.mjs'],
};

const bun: Installer = {
  ...shared,
  name: 'bun',
  program: 'bun',
  version: 'bun --version',
  match: withSettings(async (candidate) => {
    const found = await byLockfile(/\b(file|patch):|patchedDependencies/, 'bun.lock', 'bun.lockb')(candidate);
    // The binary form can't be read here.
    return found?.lockfile === 'bun.lockb' ? { ...found, readsTree: true } : found;
  }),
  manifests: [...manifests, 'bun.lock', 'bun.lockb', 'bunfig.toml'],
  install: 'bun install --frozen-lockfile --ignore-scripts --no-progress',
  env: { ...quiet, BUN_INSTALL_CACHE_DIR: '/private/bun' },
  registryEnv,
};

const manifest = z.object({
  dependencies: z.record(z.string(), z.unknown()).default({}),
  devDependencies: z.record(z.string(), z.unknown()).default({}),
  optionalDependencies: z.record(z.string(), z.unknown()).default({}),
  workspaces: z.undefined().optional(),
});

/** True for a manifest that can be read and that names no packages at all. */
function namesNone(text: string | undefined): boolean {
  try {
    const read = manifest.parse(JSON.parse(text ?? ''));
    return [read.dependencies, read.devDependencies, read.optionalDependencies].every(
      (wanted) => Object.keys(wanted).length === 0,
    );
  } catch {
    return false;
  }
}

/** True when packages come from the repository itself: as `file:`, as plain paths, or as members of a workspace. */
function namesLocal(text: string | undefined): boolean {
  try {
    const read = manifest.parse(JSON.parse(text ?? ''));
    const all = [read.dependencies, read.devDependencies, read.optionalDependencies].flatMap(Object.values);
    return all.some((wanted) => /^(file:|link:|[./]|~\/)/.test(String(wanted)));
  } catch {
    return true;
  }
}

/** Without a lockfile versions float; what was installed first is what is used while the manifests stay. */
const npmUnlocked: Installer = {
  ...npm,
  name: 'npm without a lockfile',
  match: withSettings(async ({ names, read }) => {
    if (!names.has('package.json')) return undefined;
    const text = await read('package.json');
    return namesNone(text) ? undefined : { lockfile: null, readsTree: namesLocal(text) };
  }),
  install: 'npm install --ignore-scripts --no-package-lock --no-audit --no-fund --no-progress',
};

/** In the order in which they are looked for in a directory; the first match is it. */
export const nodeManagers: readonly Installer[] = [npm, pnpm, yarnClassic, yarnBerry, bun, npmUnlocked];
