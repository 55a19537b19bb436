import { byLockfile, storeName, storePath, type Match, type Installer } from './installer.ts';

const keeps = [storeName];

const cargo: Installer = {
  name: 'cargo',
  ecosystem: 'rust',
  program: 'cargo',
  version: 'cargo --version && rustc --version',
  match: async ({ names, read }) => {
    const found = await byLockfile(undefined, 'Cargo.lock')({ names, read });
    // Settings of a repository can name programs of it, which then ask for credentials or speak to registries.
    const settings = await Promise.all(['.cargo/config.toml', '.cargo/config'].map(read));
    return found && { ...found, readsTree: settings.some((text) => text !== undefined) };
  },
  manifests: ['Cargo.toml', 'Cargo.lock', 'config.toml', 'rust-toolchain', 'rust-toolchain.toml'],
  install: 'cargo fetch --locked',
  hosts: ['index.crates.io:443', 'static.crates.io:443', 'crates.io:443'],
  env: { CARGO_HOME: `${storePath}/cargo`, CARGO_REGISTRIES_CRATES_IO_PROTOCOL: 'sparse' },
  keeps,
  use: () => ({ CARGO_HOME: `${storePath}/cargo`, CARGO_NET_OFFLINE: 'true' }),
};

const goEnv = { GOMODCACHE: `${storePath}/go`, GOTOOLCHAIN: 'local', GOFLAGS: '-modcacherw' };

const go: Installer = {
  name: 'go',
  ecosystem: 'go',
  program: 'go',
  version: 'go version',
  match: async ({ names }) => {
    if (!names.has('go.mod')) return undefined;
    return { lockfile: names.has('go.sum') ? 'go.sum' : null, readsTree: false };
  },
  manifests: ['go.mod', 'go.sum', 'go.work', 'go.work.sum'],
  install: 'go mod download',
  hosts: ['proxy.golang.org:443', 'sum.golang.org:443'],
  // A module that its proxy doesn't have is not looked for at its origin.
  env: { ...goEnv, GOPROXY: 'https://proxy.golang.org', GOCACHE: '/private/go', GOPATH: '/private/gopath' },
  registryEnv: (url) => ({ GOPROXY: url.href }),
  keeps,
  use: () => ({ ...goEnv, GOPROXY: 'off' }),
};

const java = {
  ecosystem: 'java',
  hosts: [
    'repo.maven.apache.org:443',
    'repo1.maven.org:443',
    'plugins.gradle.org:443',
    'plugins-artifacts.gradle.org:443',
  ],
  keeps,
} as const;

const unlocked =
  (...names: readonly string[]) =>
  async (candidate: { readonly names: ReadonlySet<string> }): Promise<Match | undefined> =>
    names.some((name) => candidate.names.has(name)) ? { lockfile: null, readsTree: true } : undefined;

const mavenRepository = `-Dmaven.repo.local=${storePath}/m2`;

const maven: Installer = {
  ...java,
  name: 'maven',
  program: 'mvn',
  version: 'mvn -B --version',
  match: unlocked('pom.xml'),
  manifests: ['pom.xml', 'maven.config', 'extensions.xml'],
  install: 'mvn -B -ntp -q dependency:go-offline',
  env: { MAVEN_OPTS: mavenRepository },
  use: () => ({ MAVEN_OPTS: mavenRepository }),
};

const gradle: Installer = {
  ...java,
  name: 'gradle',
  program: 'gradle',
  version: 'gradle --version',
  match: unlocked('build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'),
  manifests: [
    'build.gradle',
    'build.gradle.kts',
    'settings.gradle',
    'settings.gradle.kts',
    'gradle.lockfile',
  ],
  install: 'gradle --no-daemon --console=plain -q dependencies',
  env: { GRADLE_USER_HOME: `${storePath}/gradle` },
  use: () => ({ GRADLE_USER_HOME: `${storePath}/gradle` }),
  keeps: [...keeps, '.gradle'],
};

const bundlerEnv = { BUNDLE_PATH: `${storePath}/bundle`, BUNDLE_FROZEN: 'true' };

/** A Gemfile is a program. */
const bundler: Installer = {
  name: 'bundler',
  ecosystem: 'ruby',
  program: 'bundle',
  version: 'bundle --version && ruby --version',
  match: async ({ names }) =>
    names.has('Gemfile.lock') ? { lockfile: 'Gemfile.lock', readsTree: true } : undefined,
  manifests: ['Gemfile', 'Gemfile.lock', '.ruby-version'],
  install: 'bundle install',
  hosts: ['rubygems.org:443', 'index.rubygems.org:443'],
  env: { ...bundlerEnv, BUNDLE_APP_CONFIG: '/private/bundle', BUNDLE_USER_HOME: '/private/bundle-home' },
  keeps,
  use: () => bundlerEnv,
};

/** In the order in which they are looked for in a directory; of each ecosystem the first match is it. */
export const compiledManagers: readonly Installer[] = [cargo, go, maven, gradle];
export const rubyManagers: readonly Installer[] = [bundler];
