import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createLogger } from '../../../../base/logger.ts';
import { trialLimits } from '../../trial.ts';
import { createBubblewrapDriver } from '../driver.ts';
import { identityOf } from '../identity.ts';
import { childrenOf } from '../meter.ts';
import { loopFiles } from './arena.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'gantry-crash-'));
chmodSync(dataDir, 0o755);
const victims: ChildProcess[] = [];
const driver = createBubblewrapDriver({
  dataDir,
  require: [],
  allowUnsafe: true,
  diskBytes: 512 * 1024 * 1024,
  logger: createLogger('error'),
});

after(async () => {
  for (const victim of victims) victim.kill('SIGKILL');
  await Promise.all(victims.map((victim) => victim.exitCode ?? victim.signalCode ?? once(victim, 'exit')));
  await driver.recover();
  await driver.close();
  rmSync(dataDir, { recursive: true });
});

interface Victim {
  readonly child: ChildProcess;
  /** Has it run a program and answers what that wrote. */
  ask(word: string): Promise<string>;
}

async function startVictim(): Promise<Victim> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'victim.ts'), dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  victims.push(child);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  assert.equal((await lines.next()).value, 'up');
  const ask = async (word: string): Promise<string> => {
    child.stdin.write(`${word}\n`);
    return String((await lines.next()).value);
  };
  return { child, ask };
}

/** All that a process started, and what that started. */
function descendantsOf(pid: number | undefined): number[] {
  return pid === undefined ? [] : childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function isTenant(uid: number): boolean {
  const { tenants } = identityOf(0);
  return tenants !== undefined && uid >= tenants.first && uid < tenants.first + tenants.count;
}

/** The uids of the host, other than its own and those of tenants, under which a process's sandboxes run. */
function uidsOf(pid: number | undefined): Set<number> {
  const uids = descendantsOf(pid).map((child) => statSync(`/proc/${child}`, { throwIfNoEntry: false })?.uid);
  return new Set(
    uids.flatMap((uid) => (uid === undefined || uid === process.getuid?.() || isTenant(uid) ? [] : [uid])),
  );
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let round = 0; !holds(); round += 1) {
    assert.ok(round < 500, what);
    await delay(20);
  }
}

test('kill -9 of the process that owns sandboxes: its programs die, its neighbour lives, recovery leaves nothing', async () => {
  const [first, second] = [await startVictim(), await startVictim()];
  const owners = readdirSync(join(dataDir, 'sandboxes'));
  assert.equal(owners.length, 2);
  assert.equal(await first.ask('a'), 'a 1000');
  assert.equal(await second.ask('b'), 'b 1000');
  const roots = owners.flatMap((owner): string[] =>
    JSON.parse(readFileSync(join(dataDir, 'sandboxes', owner, 'cgroups.json'), 'utf8')),
  );
  const [firsts, seconds] = [descendantsOf(first.child.pid), descendantsOf(second.child.pid)];
  assert.ok(firsts.length >= 6 && seconds.length >= 6);
  if (process.getuid?.() === 0) {
    const [some, others] = [uidsOf(first.child.pid), uidsOf(second.child.pid)];
    assert.ok(some.size >= 2 && ![...some].some((uid) => others.has(uid)), 'no uid is shared');
  }

  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  await until('programs survive their owner', () => !firsts.some(isAlive));
  await driver.recover();
  assert.equal(readdirSync(join(dataDir, 'sandboxes')).length, 1, 'only the living owner is left');
  assert.equal(await second.ask('c'), 'c 1000', 'the neighbour still works');
  assert.ok(seconds.some(isAlive));

  second.child.kill('SIGKILL');
  await once(second.child, 'exit');
  await until('programs survive their owner', () => !seconds.some(isAlive));
  await driver.recover();
  assert.deepEqual(readdirSync(join(dataDir, 'sandboxes')), []);
  assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(dataDir), 'a mount is left');
  for (const root of roots) assert.ok(!existsSync(root), `${root} is left`);
  await until('a loop device is left', () => !loopFiles().some((file) => file.startsWith(dataDir)));
  assert.deepEqual(
    (await driver.layers.list()).map((layer) => layer.key),
    ['base'],
    'what was saved stays',
  );
  assert.equal(await driver.layers.remove('victim', 'base'), true, 'and nobody uses it any more');
});

test('kill -9 in the middle of saving: a whole layer or none, and nothing half-made', async () => {
  for (let round = 0; round < 6; round += 1) {
    const victim = await startVictim();
    victim.child.stdin?.write(`save ${round % 2 === 0 ? 'memory' : 'storage'}\n`);
    await delay(round * 30);
    const exited = once(victim.child, 'exit');
    victim.child.kill('SIGKILL');
    await exited;
    await driver.recover();
    const left = readdirSync(join(dataDir, 'layers')).filter((name) => /^(new|gone)-/.test(name));
    assert.deepEqual(left, []);
    assert.ok(
      !readFileSync('/proc/self/mountinfo', 'utf8').includes(join(dataDir, 'layers')),
      'a mount is left',
    );
    if (!(await driver.layers.has('victim', 'saved'))) continue;
    const box = await driver.create({
      tenant: 'victim',
      limits: trialLimits,
      tree: { layers: ['saved'], disk: 'memory' },
    });
    const { exit } = await box.exec({ argv: ['sh', '-c', '[ $(cat d/* | wc -c) = 4000000 ]'] });
    assert.deepEqual(exit, { kind: 'exited', code: 0 });
    await box.destroy();
    assert.equal(await driver.layers.remove('victim', 'saved'), true);
  }
});

test('an owner that ends in order leaves nothing to recover', async () => {
  await driver.recover();
  const before = readdirSync(join(dataDir, 'sandboxes'));
  const victim = await startVictim();
  const ended = once(victim.child, 'exit');
  victim.child.stdin?.end();
  const [code] = await ended;
  assert.equal(code, 0);
  assert.deepEqual(readdirSync(join(dataDir, 'sandboxes')), before);
});
