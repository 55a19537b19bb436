import { byLockfile, type Installer } from './installer.ts';

const shared = {
  ecosystem: 'python',
  hosts: ['pypi.org:443', 'files.pythonhosted.org:443'],
  keeps: ['.venv'],
  use: (directory: string) => ({
    VIRTUAL_ENV: `${directory}/.venv`,
    PATH: `${directory}/.venv/bin:/usr/local/bin:/usr/bin:/bin`,
  }),
} as const;

const pipRegistry = (url: URL): Readonly<Record<string, string>> => ({
  PIP_INDEX_URL: url.href,
  ...(url.protocol === 'http:' && { PIP_TRUSTED_HOST: url.host }),
});
const manifests = ['pyproject.toml', '.python-version'];
const pipEnv = { PIP_NO_INPUT: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_CACHE_DIR: '/private/pip' };

const uv: Installer = {
  ...shared,
  name: 'uv',
  program: 'uv',
  version: 'uv --version && python3 --version',
  match: byLockfile(
    /source = \{ *(path|directory|editable|virtual) *= *"(?!\."\s*\})|registry = "(?!https?:)/,
    'uv.lock',
  ),
  manifests: [...manifests, 'uv.lock', 'uv.toml'],
  install: 'uv sync --frozen --no-install-project --no-install-workspace',
  env: {
    UV_CACHE_DIR: '/private/uv',
    UV_LINK_MODE: 'copy',
    UV_PYTHON_DOWNLOADS: 'never',
    UV_NO_PROGRESS: '1',
  },
  registryEnv: (url) => ({ UV_DEFAULT_INDEX: url.href }),
};

const poetry: Installer = {
  ...shared,
  name: 'poetry',
  program: 'poetry',
  version: 'poetry --version && python3 --version',
  match: byLockfile(/^type = "(directory|file)"/m, 'poetry.lock'),
  manifests: [...manifests, 'poetry.lock', 'poetry.toml'],
  install: 'poetry install --no-root --no-interaction --no-ansi',
  env: { ...pipEnv, POETRY_VIRTUALENVS_IN_PROJECT: 'true', POETRY_CACHE_DIR: '/private/poetry' },
  registryEnv: pipRegistry,
};

const pdm: Installer = {
  ...shared,
  name: 'pdm',
  program: 'pdm',
  version: 'pdm --version && python3 --version',
  // It also runs what the project has it run around an install.
  match: byLockfile(/^/, 'pdm.lock'),
  manifests: [...manifests, 'pdm.lock', 'pdm.toml'],
  install: 'pdm sync --no-self --no-editable',
  env: { PDM_CACHE_DIR: '/private/pdm', PDM_CHECK_UPDATE: 'false' },
  registryEnv: (url) => ({ PDM_PYPI_URL: url.href }),
};

const pipenv: Installer = {
  ...shared,
  name: 'pipenv',
  program: 'pipenv',
  version: 'pipenv --version && python3 --version',
  match: byLockfile(/"(path|file|editable)":/, 'Pipfile.lock'),
  manifests: ['Pipfile', 'Pipfile.lock', '.python-version'],
  install: 'pipenv sync --dev',
  env: { ...pipEnv, PIPENV_VENV_IN_PROJECT: '1', PIPENV_CACHE_DIR: '/private/pipenv', PIPENV_NOSPIN: '1' },
  registryEnv: (url) => ({ PIPENV_PYPI_MIRROR: url.href }),
};

const pip: Installer = {
  ...shared,
  name: 'pip',
  program: 'python3 with venv and pip (python3-venv)',
  version: 'python3 -c "import ensurepip, venv" && python3 --version && ldd --version | head -n 1',
  match: async ({ names, read }) => {
    const name = [...names].toSorted().find((each) => /^requirements[\w.-]*\.txt$/.test(each));
    const chosen = names.has('requirements.txt') ? 'requirements.txt' : name;
    if (chosen === undefined) return undefined;
    return { lockfile: chosen, argument: chosen, readsTree: !namesOnly(await read(chosen)) };
  },
  manifests: [],
  install: 'python3 -m venv .venv && .venv/bin/python -m pip install --no-compile --progress-bar off -r "$1"',
  env: pipEnv,
  registryEnv: pipRegistry,
};

/* A line that names a package of an index: other files, local directories and editable packages are none. */
const requirement = /^\s*(#.*|--hash=\S+\s*\\?|[a-z0-9][\w.-]*\s*(\[[\w.,\s-]*\])?\s*([=<>!~;(#\\].*)?)?$/i;

function namesOnly(requirements: string | undefined): boolean {
  return requirements?.split(/\r?\n/).every((line) => requirement.test(line)) ?? false;
}

/** The project itself, in a way that follows its files; its build may run any of them. */
const pipProject: Installer = {
  ...pip,
  name: 'pip project',
  match: async ({ names, read }) => {
    const isPackage = names.has('setup.py') || /^\[(project|build-system)\]/m.test(await text(names, read));
    return isPackage ? { lockfile: null, readsTree: true } : undefined;
  },
  manifests: ['pyproject.toml', 'setup.py', 'setup.cfg'],
  install: 'python3 -m venv .venv && .venv/bin/python -m pip install --no-compile --progress-bar off -e .',
  keeps: [...shared.keeps, '*.egg-info'],
};

async function text(
  names: ReadonlySet<string>,
  read: (name: string) => Promise<string | undefined>,
): Promise<string> {
  return names.has('pyproject.toml') ? ((await read('pyproject.toml')) ?? '') : '';
}

/** In the order in which they are looked for in a directory; the first match is it. */
export const pythonManagers: readonly Installer[] = [uv, poetry, pdm, pipenv, pip, pipProject];
