import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ensureRuntime } from '../../base/runtime.ts';
import { sandboxDrivers } from '../../drivers/sandboxes/index.ts';
import { execute, openTrial, textFile } from '../../drivers/sandboxes/trial.ts';
import { ensureShim } from '../egress/shim.ts';
import { installerNamed } from './catalogue.ts';
import { noteFiles, tidy, type Left } from './tidy.ts';

const trial = openTrial(sandboxDrivers.bubblewrap);
const shim = await ensureShim({
  dataDir: trial.dataDir,
  ...(await ensureRuntime({ dataDir: trial.dataDir })),
});
const npm = installerNamed('npm');
assert.ok(npm);
const tracked = ['src/a.js', 'src/b.js', 'package.json', 'node_modules/checked-in/x', 'né/ü'];
const { signal } = new AbortController();

const box = await trial.onTree([]);
await box.put(tracked.map((path) => textFile(path, 'good')));
await box.save('checkout');
await box.destroy();

after(() => trial.close());

/** What is left of an install that is this script. */
async function afterwards(script: string, directory = ''): Promise<Left & { readonly files: string }> {
  const sandbox = await trial.onTree(['checkout'], { limits: { memoryBytes: 512 * 1024 ** 2 } });
  try {
    await noteFiles(sandbox, shim, signal);
    await execute(sandbox, { argv: ['bash', '-c', script] });
    const left = await tidy(sandbox, shim, {
      directory,
      manager: npm ?? assert.fail(),
      signal,
    });
    const { stdout } = await execute(sandbox, { argv: ['find', '.', '-not', '-type', 'd'] });
    return { ...left, files: stdout.split('\n').filter(Boolean).toSorted().join(' ') };
  } finally {
    await sandbox.destroy();
  }
}

const clean = './node_modules/checked-in/x ./né/ü ./package.json ./src/a.js ./src/b.js';

test('packages stay, everything else that came with them goes', async () => {
  const left = await afterwards(`
mkdir -p node_modules/left src/node_modules/in build/node_modules/x 'odd
name'; touch node_modules/left/i src/node_modules/in/i build/node_modules/x/i build/o .npmrc 'odd
name/f' $'\\xff\\xfe'
ln -s /etc/passwd link; mkfifo pipe; chmod 0 src; mkdir -p $(printf 'd/%.0s' {1..300})`);
  assert.deepEqual(left.changed, []);
  assert.equal(
    left.files,
    `./node_modules/checked-in/x ./node_modules/left/i ./né/ü ./package.json ./src/a.js ./src/b.js ./src/node_modules/in/i`,
  );
  assert.equal(left.kept, 2);
  const inside = await afterwards(
    'mkdir -p node_modules/out né/node_modules/in; touch node_modules/out/f né/node_modules/in/f',
    'né',
  );
  assert.equal(
    inside.files,
    './node_modules/checked-in/x ./né/node_modules/in/f ./né/ü ./package.json ./src/a.js ./src/b.js',
  );
});

test('a file of the repository that was touched in any way is told of, whatever its times say', async () => {
  const attacks: Readonly<Record<string, readonly string[]>> = {
    true: [],
    'echo evil > src/a.js; touch -d @0 src/a.js': ['src/a.js'],
    'cp -p src/a.js src/c; echo evil > src/c; touch -r package.json src/c; mv src/c src/a.js': ['src/a.js'],
    'rm src/a.js né/ü': ['src/a.js', 'né/ü'],
    'chmod 777 src/a.js': ['src/a.js'],
    'rm src/a.js; ln -s b.js src/a.js': ['src/a.js'],
    'rm src/a.js; mkdir src/a.js': ['src/a.js'],
    'cp -r src old; rm -r src; mv old src': ['src/a.js', 'src/b.js'],
    'cp -r src node_modules/; rm -r src; ln -s node_modules/src src': ['src/a.js', 'src/b.js'],
    'mkdir -p node_modules/x; ln src/a.js node_modules/x/a; echo evil > node_modules/x/a': ['src/a.js'],
    'echo evil > node_modules/checked-in/x': [],
    'rm -r node_modules': ['node_modules/checked-in/x'],
  };
  for (const [script, changed] of Object.entries(attacks)) {
    assert.deepEqual((await afterwards(script)).changed.toSorted(), changed.toSorted(), script);
  }
  assert.equal((await afterwards('true')).files, clean);
});
