import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { installers } from './catalogue.ts';
import { detectEnvironment } from './detect.ts';
import { projectName, type Environment } from './project.ts';
import { readRegistries } from './registries.ts';
import { snapshotKey, type SnapshotInputs } from './snapshot-key.ts';

function detect(files: Readonly<Record<string, string>>): Promise<Environment> {
  const content = new Map(Object.entries(files));
  return detectEnvironment({
    paths: [...content.keys()],
    read: async (path, maxBytes) => {
      const text = content.get(path);
      return text === undefined || text.length > maxBytes ? undefined : Buffer.from(text);
    },
  });
}

const found = async (files: Readonly<Record<string, string>>): Promise<string[]> =>
  (await detect(files)).projects.map(projectName);

test('each manager is known by its files, and the one with a lockfile goes first', async () => {
  const one = async (...names: string[]) => found(Object.fromEntries(names.map((name) => [name, ''])));
  assert.deepEqual(await one('package.json', 'package-lock.json'), ['npm']);
  assert.deepEqual(await one('package.json', 'npm-shrinkwrap.json'), ['npm']);
  assert.deepEqual(await one('package.json', 'pnpm-lock.yaml'), ['pnpm']);
  assert.deepEqual(await one('package.json', 'yarn.lock'), ['yarn']);
  assert.deepEqual(await found({ 'package.json': '{}', 'yarn.lock': '# x\n\n__metadata:\n  version: 8\n' }), [
    'yarn berry',
  ]);
  assert.deepEqual(await one('package.json', 'bun.lockb'), ['bun']);
  assert.deepEqual(await one('package.json'), ['npm without a lockfile']);
  assert.deepEqual(await found({ 'package.json': '{"scripts":{"test":"node --test"}}' }), []);
  assert.deepEqual(await one('pyproject.toml', 'uv.lock'), ['uv']);
  assert.deepEqual(await one('pyproject.toml', 'poetry.lock'), ['poetry']);
  assert.deepEqual(await one('pyproject.toml', 'pdm.lock'), ['pdm']);
  assert.deepEqual(await one('Pipfile', 'Pipfile.lock'), ['pipenv']);
  assert.deepEqual(await one('requirements-dev.txt', 'requirements.txt', 'setup.py'), ['pip']);
  assert.deepEqual(await one('setup.py'), ['pip project']);
  assert.deepEqual(await found({ 'pyproject.toml': '[project]\nname = "x"' }), ['pip project']);
  assert.deepEqual(await found({ 'pyproject.toml': '[tool.ruff]' }), []);
  assert.deepEqual(await one('Cargo.toml', 'Cargo.lock'), ['cargo']);
  assert.deepEqual(await one('go.mod'), ['go']);
  assert.deepEqual(await one('pom.xml'), ['maven']);
  assert.deepEqual(await one('build.gradle.kts'), ['gradle']);
  assert.deepEqual(await one('Gemfile', 'Gemfile.lock'), ['bundler']);
  assert.deepEqual(await one('README.md', 'Gemfile'), []);
});

test('several at once, also in sub-directories; members of a workspace and files of others are no projects', async () => {
  const names = [
    'package.json',
    'package-lock.json',
    'packages/a/package.json',
    'web/package.json',
    'web/yarn.lock',
    'services/api/requirements.txt',
    'tools/go.mod',
    'node_modules/x/package-lock.json',
    'test/fixtures/go.mod',
    'vendor/y/Cargo.lock',
    '.github/package-lock.json',
    'a/b/c/d/e/go.mod',
    'examples/z/package-lock.json',
  ];
  assert.deepEqual(await found(Object.fromEntries(names.map((name) => [name, '']))), [
    'npm',
    'go (tools)',
    'yarn (web)',
    'pip (services/api)',
  ]);
});

test('whether the whole repository decides what is installed', async () => {
  const reads = async (files: Readonly<Record<string, string>>) =>
    (await detect(files)).projects[0]?.readsTree;
  const pip = (text: string) => reads({ 'requirements.txt': text });
  const pinned =
    '# c\nflask==3.0 \\\n    --hash=sha256:ab \\\n    --hash=sha256:cd\nuvicorn[standard]>=0.2 ; python_version > "3"\n\nsix\n';
  assert.equal(await pip(pinned), false);
  for (const line of [
    '-e .',
    '-r other.txt',
    '.',
    './x',
    'pkg/x.whl',
    'x @ file:///y',
    'x @ https://h/y',
    '--find-links .',
    '-c c.txt',
    ' ../x',
  ])
    assert.equal(await pip(`six\n${line}\n`), true, line);
  assert.equal(await reads({ 'yarn.lock': '', 'package.json': '' }), false);
  assert.equal(await reads({ 'yarn.lock': '', 'package.json': '', '.yarnrc': '' }), true);
  assert.equal(await reads({ 'package-lock.json': '', 'package.json': '' }), false);
  assert.equal(await reads({ 'package.json': '{"main":"./a.js","dependencies":{"a":"~1"}}' }), false);
  const npmrc = 'registry=https://r.example/\n# c\n\n@acme:registry=https://r.example/\nfund=false\n';
  assert.equal(await reads({ 'package-lock.json': '', '.npmrc': npmrc }), false);
  const cargo = { 'Cargo.lock': '', 'Cargo.toml': '' };
  assert.equal(await reads(cargo), false);
  const uv = (source: string) => `[[package]]\nname = "x"\nsource = { ${source} }\n`;
  assert.equal(
    await reads({ 'uv.lock': uv('registry = "https://pypi.org/simple"') + uv('virtual = "."') }),
    false,
  );
  assert.equal(await reads({ 'poetry.lock': 'name = "x"\n', 'pyproject.toml': '' }), false);
  const local: readonly Readonly<Record<string, string>>[] = [
    { 'package-lock.json': '{"resolved":"file:dep.tgz"}' },
    { 'package-lock.json': '', '.npmrc': `${npmrc}git=./evil.sh\n` },
    { 'pnpm-lock.yaml': 'specifier: file:dep' },
    { 'pnpm-lock.yaml': 'lockfileVersion: 9\npatchedDependencies:\n  a:\n' },
    { 'yarn.lock': '"dep@file:dep.tgz":\n' },
    { 'bun.lockb': '' },
    { 'package.json': '{"dependencies":{"dep":"file:../dep"}}' },
    { 'package.json': '{"devDependencies":{"dep":"./dep.tgz"}}' },
    { 'package.json': '{"workspaces":["packages/*"]}' },
    { 'package.json': 'nonsense' },
    { 'uv.lock': uv('directory = "libs/a"') },
    { 'uv.lock': uv('editable = "libs/a"') },
    { 'uv.lock': uv('registry = "wheels"') },
    { 'poetry.lock': '[package.source]\ntype = "directory"\n' },
    { 'pdm.lock': '' },
    { 'Pipfile.lock': '{"default":{"a":{"path":"./a"}}}' },
    { ...cargo, '.cargo/config.toml': '[registry]\nglobal-credential-providers = ["./evil.sh"]\n' },
  ];
  for (const files of local) assert.equal(await reads(files), true, JSON.stringify(files));
  assert.equal(await reads({ 'setup.py': '' }), true);
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`p/${index}/package.json`, '']));
  assert.equal(await reads({ 'package-lock.json': '', ...many }), true);
});

test('the digest is of the contents and places of all manifests, and of nothing else', async () => {
  const digest = async (files: Readonly<Record<string, string>>) => (await detect(files)).projects[0]?.digest;
  const files = { 'package-lock.json': '{}', 'package.json': '{}', 'a/package.json': '1' };
  const same = await digest(files);
  assert.equal(await digest({ 'src/x.js': 'x', ...files }), same);
  const others = [
    { ...files, 'package-lock.json': '{ }' },
    { ...files, 'a/package.json': '2' },
    { 'package-lock.json': '{}', 'package.json': '{}', 'b/package.json': '1' },
    { ...files, '.npmrc': 'registry=x' },
    { ...files, 'b/package.json': '' },
  ];
  const digests = await Promise.all([files, ...others].map(digest));
  assert.equal(new Set(digests).size, 6);
});

test('whatever a repository holds, detection ends and stays within its bounds', async () => {
  const huge = await detect({ 'package-lock.json': 'x'.repeat(17 * 1024 ** 2), 'package.json': '{}' });
  assert.deepEqual(huge.projects, []);
  assert.match(huge.notices[0] ?? '', /package-lock\.json are not installed: the file is too large/);
  const many = await detect(
    Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`d${index}/go.mod`, ''])),
  );
  assert.equal(many.projects.length, 12);
  assert.match(many.notices[0] ?? '', /12 are the most/);
  const name = fc.constantFrom(
    'package.json',
    'package-lock.json',
    'yarn.lock',
    'requirements.txt',
    'requirements-\u202e.txt',
    'pyproject.toml',
    'go.mod',
    'Cargo.lock',
    'a',
    '..',
    '\n',
    '',
    '__proto__',
    'constructor',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(
        fc.array(name, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/')),
        fc.oneof(fc.string(), fc.constant('[project]'), fc.constant('-r x'.repeat(10_000))),
      ),
      async (files) => {
        const { projects } = await detect(files);
        assert.ok(
          projects.every(({ argument }) => argument === null || /^requirements[\w.-]*\.txt$/.test(argument)),
        );
        assert.ok(projects.length <= 12);
      },
    ),
    { numRuns: 300 },
  );
});

test('a key is the same for the same inputs only: another tenant, trust, version, registry or recipe has its own', async () => {
  const [project] = (await detect({ 'package-lock.json': '{}', 'package.json': '{}' })).projects;
  assert.ok(project);
  const inputs: SnapshotInputs = {
    project,
    versions: '1',
    registry: '',
    recipe: 'r',
    tenant: 't',
    trust: 'trusted',
    layers: ['a'],
  };
  const other: Partial<SnapshotInputs>[] = [
    {},
    { versions: '2' },
    { registry: 'x' },
    { recipe: 's' },
    { tenant: 'u' },
    { trust: 'stranger' },
    { project: { ...project, digest: 'x' } },
    { project: { ...project, directory: 'x' } },
    { project: { ...project, readsTree: true } },
    { project: { ...project, readsTree: true }, layers: ['b'] },
  ];
  const keys = other.map((each) => snapshotKey({ ...inputs, ...each }));
  assert.equal(new Set(keys).size, other.length);
  assert.equal(snapshotKey({ ...inputs, layers: ['b'] }), keys[0]);
});

test("the operator's registry takes the place of the public ones, and may lie inside", () => {
  const npm = installers.find(({ name }) => name === 'npm');
  const pip = installers.find(({ name }) => name === 'pip');
  assert.ok(npm && pip);
  const registries = readRegistries(['node=http://npm.corp.example:8081/npm/'], ['files.corp.example:443']);
  assert.deepEqual(registries.hosts(npm), ['npm.corp.example:8081', 'files.corp.example:443']);
  assert.deepEqual(registries.env(npm), { npm_config_registry: 'http://npm.corp.example:8081/npm/' });
  assert.deepEqual(registries.hosts(pip), [
    'pypi.org:443',
    'files.pythonhosted.org:443',
    'files.corp.example:443',
  ]);
  assert.ok(registries.inside.host('npm.corp.example', 8081) && !registries.inside.host('pypi.org', 443));
  for (const wrong of ['npm=https://x/', 'node=ftp://x/', 'node=https://user:secret@x/', 'node', ''])
    assert.throws(
      () => readRegistries([wrong], []),
      { code: 'CONFIG_INVALID', message: /^(?!.*secret)/ },
      wrong,
    );
  assert.throws(() => readRegistries([], ['x']), { code: 'CONFIG_INVALID' });
});

test('the catalogue holds what each entry needs', () => {
  assert.equal(new Set(installers.map(({ name }) => name)).size, installers.length);
  for (const manager of installers) {
    assert.ok(
      manager.hosts.every((host) => /^[a-z0-9.-]+:443$/.test(host)),
      manager.name,
    );
    assert.ok(manager.keeps.length > 0 && manager.keeps.every((name) => !name.includes('/')), manager.name);
    if (manager.ecosystem === 'node') assert.match(manager.install, /--ignore-scripts|skip-build/);
  }
});
