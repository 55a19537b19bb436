import { GantryError } from '../../../../base/errors.ts';
import type { Workspace } from '../../../../resources/workspace/workspace.ts';
import type { Folder } from './folder.ts';

const listMs = 60_000;
const largestManifest = 1024 ** 2;
const mostFolders = 16;
const deepest = 4;

/** Files by which tools are known. */
const manifests = [
  ...[
    'pyproject.toml',
    'setup.py',
    'setup.cfg',
    'tox.ini',
    'pytest.ini',
    'mypy.ini',
    '.mypy.ini',
    'ruff.toml',
  ],
  ...['.ruff.toml', '.flake8', '.pylintrc', '.bandit', 'Pipfile', 'requirements*.txt', 'pyrightconfig.json'],
  ...[
    'package.json',
    'tsconfig.json',
    'pnpm-lock.yaml',
    'yarn.lock',
    'bun.lock',
    'bun.lockb',
    'package-lock.json',
  ],
  ...['eslint.config.*', '.eslintrc*', 'biome.json', 'biome.jsonc', '.oxlintrc.json', 'vitest.config.*'],
  ...[
    'vite.config.*',
    'jest.config.*',
    '.mocharc*',
    'go.mod',
    '.golangci.*',
    'Cargo.toml',
    'Gemfile',
    'Rakefile',
  ],
  ...[
    '.rspec',
    '.rubocop.yml',
    'pom.xml',
    'mvnw',
    'gradlew',
    'build.gradle',
    'build.gradle.kts',
    'settings.gradle*',
  ],
  ...['Makefile', 'makefile', 'GNUmakefile', '.semgrep.yml', '.semgrep.yaml', 'conftest.py'],
];
/** Files that make a directory a project of its own. */
const roots =
  /^(pyproject\.toml|setup\.py|package\.json|go\.mod|Cargo\.toml|Gemfile|pom\.xml|build\.gradle(\.kts)?)$/;
const tests = [
  'test*.py',
  '*_test.py',
  '__init__.py',
  '*.test.*',
  '*.spec.*',
  '*_spec.rb',
  '*_test.rb',
  'test_*.rb',
];
const pruned = [
  '.git',
  'node_modules',
  '.venv',
  'venv',
  '.tox',
  'vendor',
  'third_party',
  'dist',
  'target',
  '__pycache__',
  '.next',
];
/** What lies in these is there to be looked at. */
const leftOut =
  /(^|\/)(fixtures?|testdata|tests?|__tests__|spec|examples?|templates?|samples?|\.[^/]+)(\/|$)/i;

/** No path is called so. */
const divider = '//';

const listScript = `
find . -maxdepth ${deepest + 1} ${names(pruned)} -prune -o -type f ${names(manifests)} -printf '%P\\0' | head -c 200000
printf '\\0${divider}\\0'
find . -maxdepth 8 ${names(pruned)} -prune -o -type f ${names(tests)} -printf '%P\\0' | head -c 400000
`;

function names(patterns: readonly string[]): string {
  return `\\( ${patterns.map((each) => `-name '${each}'`).join(' -o ')} \\)`;
}

/** The directories of a repository that checks may belong to: its root first, then by depth. Nothing of it is run. */
export async function surveyFolders(workspace: Workspace): Promise<Folder[]> {
  const [found, below] = await listFiles(workspace);
  const byDirectory = new Map<string, Set<string>>([['', new Set()]]);
  for (const path of found) {
    const cut = path.lastIndexOf('/');
    const directory = cut < 0 ? '' : path.slice(0, cut);
    const held = byDirectory.get(directory) ?? new Set();
    byDirectory.set(directory, held.add(path.slice(cut + 1)));
  }
  const folders = new Map<string, Folder>();
  for (const directory of chosen(byDirectory))
    folders.set(directory, folderOf(workspace, directory, byDirectory, below, folders));
  return [...folders.values()];
}

function chosen(byDirectory: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return [...byDirectory]
    .filter(
      ([directory, held]) =>
        directory === '' ||
        ([...held].some((name) => roots.test(name)) &&
          !leftOut.test(directory) &&
          depthOf(directory) <= deepest),
    )
    .map(([directory]) => directory)
    .toSorted((one, other) => depthOf(one) - depthOf(other) || (one < other ? -1 : 1))
    .slice(0, mostFolders);
}

function folderOf(
  workspace: Workspace,
  directory: string,
  byDirectory: ReadonlyMap<string, ReadonlySet<string>>,
  below: readonly string[],
  folders: ReadonlyMap<string, Folder>,
): Folder {
  const start = directory === '' ? '' : `${directory}/`;
  return {
    directory,
    names: byDirectory.get(directory) ?? new Set(),
    below: below.filter((path) => path.startsWith(start)).map((path) => path.slice(start.length)),
    read: (name) => textOf(workspace, `${start}${name}`),
    above: (...wanted) => {
      for (let at = directory; at !== '';) {
        at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '';
        const folder = folders.get(at);
        if (folder && wanted.some((name) => folder.names.has(name))) return folder;
      }
      return undefined;
    },
  };
}

async function listFiles(workspace: Workspace): Promise<[found: string[], below: string[]]> {
  const pieces: Uint8Array[] = [];
  const { exit } = await workspace.exec({
    argv: ['/bin/sh', '-c', listScript],
    env: { LC_ALL: 'C' },
    limits: { wallMs: listMs },
    readOnly: true,
    onOutput: ({ stream, data }) => void (stream === 'stdout' && pieces.push(data.slice())),
  });
  if (exit.kind !== 'exited' || exit.code !== 0)
    throw new GantryError(
      'WORKSPACE_FAILED',
      'It was not possible to list the files of the repository to find its checks. Try again; if it stays so, name the checks in .gantry.yaml.',
      { cause: new Error(JSON.stringify(exit)) },
    );
  const [found = '', below = ''] = Buffer.concat(pieces).toString().split(`\0${divider}\0`);
  return [pathsIn(found), pathsIn(below)];
}

/** What can't be named to a sandbox is left out, and so is a name that was cut at the end. */
function pathsIn(list: string): string[] {
  return list
    .split('\0')
    .filter((path) => path !== '' && !/[\u0000-\u001f\u007f\ufffd]/.test(path))
    .toSorted();
}

async function textOf(workspace: Workspace, path: string): Promise<string | undefined> {
  const part = await workspace.read(path, { offset: 0, bytes: largestManifest }).catch(() => undefined);
  return part && part.size <= largestManifest ? Buffer.from(part.content).toString() : undefined;
}

function depthOf(directory: string): number {
  return directory === '' ? 0 : directory.split('/').length;
}
