import { createInterface } from 'node:readline';
import { createLogger } from '../../../../base/logger.ts';
import { trialLimits } from '../../trial.ts';
import { createBubblewrapDriver } from '../driver.ts';

/**
 * A process that owns sandboxes, for a test to kill: one runs, one runs on a saved layer, one is parked, and each line that
 * it reads runs a program.
 */
const [dataDir = ''] = process.argv.slice(2);
const driver = createBubblewrapDriver({
  dataDir,
  require: [],
  allowUnsafe: true,
  diskBytes: 512 * 1024 * 1024,
  logger: createLogger('error'),
});
const limits = { ...trialLimits, wallMs: 600_000 };
const boot = ['python3', '-c', "import os, time; os.write(4, b'.'); time.sleep(600)"];
await driver.prewarm({ key: 'parked', argv: boot, env: {}, mounts: [], limits }, 1);
const tree = async (layers: readonly string[]) =>
  driver.create({ tenant: 'victim', limits, tree: { layers, disk: 'storage' } });
const base = await tree([]);
await base.exec({ argv: ['sh', '-c', 'echo below > a'] });
await base.save('base');
await base.destroy();
const worker = await tree(['base']);
void worker.exec({ argv: ['sleep', '600'] });
const sandbox = await driver.create({ tenant: 'victim', limits });
void sandbox.exec({
  argv: ['sh', '-c', 'mkdir -p a/b; echo up; sleep 600 & sleep 600'],
  onOutput: () => process.stdout.write('up\n'),
});

for await (const line of createInterface(process.stdin)) {
  const disk = /^save (memory|storage)$/.exec(line)?.[1];
  if (disk === 'memory' || disk === 'storage') {
    const saved = await driver.create({ tenant: 'victim', limits, tree: { layers: [], disk } });
    await saved.exec({
      argv: ['sh', '-c', 'mkdir d; for i in 1 2 3 4; do head -c 1000000 /dev/zero > d/$i; done'],
    });
    await saved.save('saved');
    continue;
  }
  const one = await driver.create({ tenant: 'victim', limits });
  await one.exec({
    argv: ['id', '-u'],
    onOutput: (chunk) => process.stdout.write(`${line} ${Buffer.from(chunk.data).toString().trim()}\n`),
  });
  await one.destroy();
}
await driver.close();
