import { shellWord, type Detector, type Folder, type FoundCheck } from './folder.ts';

/** What a Python project says of its tools, in one text. */
interface Said {
  readonly names: ReadonlySet<string>;
  readonly pyproject: string;
  /** setup.cfg and tox.ini. */
  readonly ini: string;
  /** All that names packages. */
  readonly packages: string;
}

/** Python: ruff, flake8 or pylint; mypy or pyright; pytest or unittest; bandit. */
export const python: Detector = {
  ecosystem: 'python',
  find: async (folder) => {
    const said = await listen(folder);
    const tests = await testsOf(folder, said);
    return [lintOf(said), typesOf(said), tests, securityOf(said)].filter((each) => each !== undefined);
  },
};

async function listen({ names, read }: Folder): Promise<Said> {
  const textOf = async (wanted: readonly string[]): Promise<string> =>
    (
      await Promise.all(
        wanted.filter((name) => names.has(name)).map(async (name) => (await read(name)) ?? ''),
      )
    ).join('\n');
  const requirements = [...names].filter((name) => /^requirements.*\.txt$/.test(name));
  const pyproject = await textOf(['pyproject.toml']);
  const ini = await textOf(['setup.cfg', 'tox.ini']);
  return {
    names,
    pyproject,
    ini,
    packages: `${pyproject}\n${ini}\n${await textOf([...requirements, 'Pipfile', 'setup.py'])}`,
  };
}

/** True when a list of packages names it: `"ruff>=0.5"`, `ruff==1`, `ruff = "*"`. */
function names(packages: string, tool: string): boolean {
  return new RegExp(`(^|["'\\s,\\[])${tool}\\s*(\\[[\\w,]*\\])?\\s*([=<>~!;"',\\]]|$)`, 'm').test(packages);
}

function lintOf({ names: files, pyproject, ini, packages }: Said): FoundCheck | undefined {
  const base = { kind: 'lint', format: 'text' } as const;
  if (
    files.has('ruff.toml') ||
    files.has('.ruff.toml') ||
    /^\[tool\.ruff/m.test(pyproject) ||
    names(packages, 'ruff')
  )
    return {
      ...base,
      tool: 'ruff',
      command: 'ruff check --no-cache --output-format=json .',
      format: 'ruff-json',
    };
  if (files.has('.flake8') || /^\[flake8\]/m.test(ini) || names(packages, 'flake8'))
    return { ...base, tool: 'flake8', command: 'flake8 --extend-exclude=.venv,venv,node_modules' };
  if (files.has('.pylintrc') || /^\[tool\.pylint/m.test(pyproject) || names(packages, 'pylint'))
    return {
      ...base,
      tool: 'pylint',
      command: 'pylint --recursive=y --ignore-paths="^(.venv|venv|node_modules)/" .',
    };
  return undefined;
}

function typesOf({ names: files, pyproject, ini, packages }: Said): FoundCheck | undefined {
  if (
    files.has('mypy.ini') ||
    files.has('.mypy.ini') ||
    /^\[tool\.mypy/m.test(pyproject) ||
    /^\[mypy/m.test(ini) ||
    names(packages, 'mypy')
  ) {
    const saysWhat = /^\s*(files|packages|modules)\s*=/m.test(
      /^\[tool\.mypy\][^[]*|^\[mypy\][^[]*/m.exec(`${pyproject}\n${ini}`)?.[0] ?? '',
    );
    const where = saysWhat ? '' : ' --exclude "(^|/)(.venv|venv|node_modules|build)/" .';
    return {
      kind: 'types',
      tool: 'mypy',
      format: 'mypy-json',
      command: `mypy --no-error-summary --no-color-output --cache-dir=/tmp/mypy${where}`,
    };
  }
  if (files.has('pyrightconfig.json') || /^\[tool\.pyright/m.test(pyproject) || names(packages, 'pyright'))
    return { kind: 'types', tool: 'pyright', format: 'text', command: 'pyright' };
  return undefined;
}

function securityOf({ names: files, pyproject, packages }: Said): FoundCheck | undefined {
  const isSet = /^\[tool\.bandit/m.test(pyproject);
  if (!isSet && !files.has('.bandit') && !names(packages, 'bandit')) return undefined;
  const settings = isSet ? ' -c pyproject.toml' : '';
  return {
    kind: 'security',
    tool: 'bandit',
    format: 'bandit-json',
    command: `bandit -q -r . -f json${settings} -x ./.venv,./venv,./node_modules,./tests,./test`,
  };
}

const mostLooked = 20;

async function testsOf(
  folder: Folder,
  { names: files, pyproject, ini, packages }: Said,
): Promise<FoundCheck | undefined> {
  const tests = folder.below.filter((path) => /(^|\/)(test[^/]*|[^/]*_test)\.py$/.test(path));
  const isSet =
    files.has('pytest.ini') || /^\[tool\.pytest/m.test(pyproject) || /^\[(tool:)?pytest\]/m.test(ini);
  if (tests.length === 0 && !isSet) return undefined;
  const base = { kind: 'tests', format: 'test-output' } as const;
  const usesPytest =
    isSet || files.has('conftest.py') || names(packages, 'pytest') || !(await areUnittests(folder, tests));
  if (usesPytest)
    return {
      ...base,
      tool: 'pytest',
      command: 'python3 -m pytest -q --tb=short -rfE --color=no -p no:cacheprovider',
    };
  return { ...base, tool: 'unittest', command: unittestCommand(folder.below, tests) };
}

/** Tests in plain functions, and whatever imports pytest, need pytest. */
async function areUnittests({ read }: Folder, tests: readonly string[]): Promise<boolean> {
  const texts = await Promise.all(tests.slice(0, mostLooked).map(read));
  const known = texts.filter((text) => text !== undefined);
  if (known.some((text) => /^\s*(import|from) pytest\b/m.test(text))) return false;
  return (
    known.some((text) => /\bunittest\b/.test(text)) || !known.some((text) => /^(async )?def test/m.test(text))
  );
}

/**
 * Discovery from the root sees test files there and in packages; a directory of tests that is no package is one start of
 * its own.
 */
function unittestCommand(below: readonly string[], tests: readonly string[]): string {
  const packages = new Set(
    below
      .filter((path) => path.endsWith('/__init__.py'))
      .map((path) => path.slice(0, -'/__init__.py'.length)),
  );
  const starts = [...new Set(tests.map((path) => startOf(path, packages)))].toSorted();
  const hasSource = !starts.includes('src') && [...packages].some((path) => path.startsWith('src/'));
  const before = hasSource ? 'PYTHONPATH=src:. ' : '';
  const isOddlyNamed = tests.every((path) => !/(^|\/)test[^/]*\.py$/.test(path));
  const pattern = isOddlyNamed ? " -p '*_test.py'" : '';
  const commands = starts.map(
    (start) =>
      `${before}python3 -m unittest discover${start === '' ? '' : ` -s ${shellWord(start)}`}${pattern}`,
  );
  return commands.length === 1
    ? (commands[0] ?? '')
    : `s=0; ${commands.map((each) => `${each} || s=1`).join('; ')}; exit $s`;
}

/** Up through packages to the first directory that is none. */
function startOf(test: string, packages: ReadonlySet<string>): string {
  let at = test.includes('/') ? test.slice(0, test.lastIndexOf('/')) : '';
  while (packages.has(at)) at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '';
  return at;
}
