import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withRepositoryWorkspaces } from '../../../../test/support/repository-workspaces.ts';
import { detectChecks } from './detect-checks.ts';
import type { RepositoryConfig } from './repository-config.ts';

const json = (value: unknown): string => JSON.stringify(value);
const unittest = 'import unittest\n';

/** Repositories and the checks that they ask for: name, then command where it matters. */
const repositories: readonly {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly config?: RepositoryConfig['checks'];
  readonly checks: readonly (string | RegExp)[];
}[] = [
  { title: 'nothing that is known', files: { 'README.md': 'hi\n' }, checks: [] },
  {
    title: 'Python with its tools in pyproject.toml',
    files: {
      'pyproject.toml':
        '[project]\nname = "x"\n[project.optional-dependencies]\ndev = ["pytest>=8", "bandit"]\n[tool.ruff]\n[tool.mypy]\nfiles = ["src"]\n',
      'tests/test_a.py': 'def test_a(): pass\n',
    },
    checks: [
      'lint ruff: ruff check --no-cache --output-format=json .',
      'types mypy: mypy --no-error-summary --no-color-output --cache-dir=/tmp/mypy',
      'tests pytest: python3 -m pytest -q --tb=short -rfE --color=no -p no:cacheprovider',
      /^security bandit: /,
    ],
  },
  {
    title: 'Python with flake8 and mypy in setup.cfg, and tests in functions',
    files: { 'setup.cfg': '[flake8]\n[mypy]\nstrict = true\n', 'test_a.py': 'def test_a():\n    pass\n' },
    checks: [/^lint flake8: /, /^types mypy: .* \.$/, /^tests pytest: /],
  },
  {
    title: 'unittest in packages, in directories that are none, and below src',
    files: {
      'src/shop/__init__.py': '',
      'tests/test_a.py': unittest,
      'more tests/test_b.py': unittest,
      'pkg/__init__.py': '',
      'pkg/test_c.py': unittest,
    },
    checks: [
      "tests unittest: s=0; PYTHONPATH=src:. python3 -m unittest discover || s=1; PYTHONPATH=src:. python3 -m unittest discover -s 'more tests' || s=1; PYTHONPATH=src:. python3 -m unittest discover -s tests || s=1; exit $s",
    ],
  },
  {
    title: 'Node by its scripts, where ESLint and tsc are told to print what can be read',
    files: {
      'package.json': json({ scripts: { lint: 'eslint src', typecheck: 'tsc -p .', test: 'vitest run' } }),
      'pnpm-lock.yaml': '',
      'tsconfig.json': '{}',
    },
    checks: [
      'lint pnpm run lint: pnpm run lint --format json',
      'types pnpm run typecheck: pnpm run typecheck --pretty false',
      'tests pnpm test: pnpm run test',
    ],
  },
  {
    title: 'Node without scripts that only look: those that install, mend or watch are not run',
    files: {
      'package.json': json({
        scripts: { lint: 'eslint --fix .', pretest: 'npm ci', test: 'jest', types: 'tsc --watch' },
        devDependencies: { jest: '29' },
      }),
      'eslint.config.js': '',
      'tsconfig.json': '{}',
    },
    checks: [
      'lint eslint: npx --no-install eslint . --format json',
      'types tsc: npx --no-install tsc --noEmit --pretty false -p .',
      'tests jest: npx --no-install jest --ci',
    ],
  },
  {
    title: 'Node with the placeholder of npm init, and its own runner',
    files: {
      'package.json': json({ scripts: { test: 'echo "Error: no test specified" && exit 1' } }),
      'a.test.js': '',
      'node_modules/x/package.json': json({ scripts: { test: 'evil' } }),
    },
    checks: ['tests node --test: node --test'],
  },
  {
    title: 'a workspace: what the root checks is not checked again, the rest is',
    files: {
      'package.json': json({ scripts: { lint: 'biome lint' }, workspaces: ['packages/*'] }),
      'yarn.lock': '',
      'packages/web/package.json': json({ scripts: { lint: 'x', test: 'jest' } }),
      'packages/api/package.json': json({ scripts: { test: 'mocha' } }),
      'packages/broken/package.json': '{',
      'tests/fixtures/app/package.json': json({ scripts: { test: 'x' } }),
    },
    checks: [
      'lint yarn run lint: yarn run lint',
      'tests yarn test (packages/api): yarn run test',
      'tests yarn test (packages/web): yarn run test',
    ],
  },
  {
    title: 'Go by module, Rust by workspace, with a Makefile that only has what they lack',
    files: {
      'go.mod': 'module x\n',
      'tools/go.mod': 'module y\n',
      'Cargo.toml': '[workspace]\n',
      'crates/a/Cargo.toml': '',
      Makefile: 'lint:\n\techo lint\ntypes:\n\techo types\n',
    },
    checks: [
      ...[
        'lint go vet: go vet ./...',
        /^lint cargo clippy: /,
        'lint go vet (tools): go vet ./...',
        /^types cargo check: /,
      ],
      ...['tests go test: go test ./...', /^tests cargo test: /, 'tests go test (tools): go test ./...'],
    ],
  },
  {
    title: 'Ruby, Java, and rules of Semgrep',
    files: {
      ...{
        Gemfile: '',
        '.rubocop.yml': '',
        'spec/a_spec.rb': '',
        'pom.xml': '',
        mvnw: '',
        '.semgrep.yml': '',
      },
      'app/build.gradle.kts': '',
    },
    checks: [
      'lint rubocop: bundle exec rubocop --no-color --format emacs',
      'tests rspec: bundle exec rspec --no-color',
      /^tests mvn test: sh \.\/mvnw -o /,
      /^security semgrep: semgrep scan --config \.semgrep\.yml /,
    ],
  },
  {
    title: 'a Makefile as the last resort, but for what installs',
    files: { Makefile: 'VAR := 1\nlint: deps\n\tpip install ruff\n\truff check\ntest: ; ./run-tests\n' },
    checks: ['tests make test: make test'],
  },
  {
    title: 'what .gantry.yaml sets, over what is found',
    files: { 'package.json': json({ scripts: { lint: 'x', test: 'y' } }), 'tsconfig.json': '{}' },
    config: { lint: 'ruff check --output-format json', types: false, security: './scan.sh' },
    checks: [
      'lint ruff check --output-format json: ruff check --output-format json',
      'tests npm test: npm run --silent test',
      'security ./scan.sh: ./scan.sh',
    ],
  },
];

test('the checks of a repository are found by its files', (t) =>
  withRepositoryWorkspaces(async (inWorkspace) => {
    for (const { title, files, config = {}, checks } of repositories)
      await t.test(title, () =>
        inWorkspace(files, async (workspace) => {
          const found = await detectChecks(workspace, { checks: config });
          const told = found.map(({ kind, name, command }) => `${kind} ${name}: ${command}`);
          assert.equal(told.length, checks.length, told.join('\n'));
          for (const [index, wanted] of checks.entries())
            if (typeof wanted === 'string') assert.equal(told[index], wanted);
            else assert.match(told[index] ?? '', wanted);
          assert.equal(new Set(found.map(({ name }) => name)).size, found.length);
        }),
      );
  }));
