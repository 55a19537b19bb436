import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statfsSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { GantryError } from '../../../../base/errors.ts';
import type { Sandbox } from '../../../../resources/ports/sandbox.ts';
import { execute, openTrial, textFile, type TreeOptions } from '../../trial.ts';
import { createBubblewrapDriver } from '../driver.ts';
import { limitOf, openArena } from './arena.ts';

const MiB = 1024 * 1024;
const arena = openArena();
const { layers } = arena.driver;

after(() => arena.close());

const bash = (script: string) => ({ argv: ['bash', '-c', script] });

async function say(box: Sandbox, script: string): Promise<string> {
  return (await execute(box, bash(script))).stdout;
}

async function make(key: string, script: string, options: TreeOptions = {}): Promise<void> {
  const box = await arena.onTree([], options);
  const { exit, stderr } = await execute(box, bash(script));
  assert.deepEqual(exit, { kind: 'exited', code: 0 }, stderr);
  await box.save(key);
  await box.destroy();
}

const look =
  "find . -mindepth 1 | sort | while read -r f; do stat -c '%n %a %s %h' $f; cat $f 2>/dev/null; done; getfattr -dR . 2>/dev/null";

for (const disk of ['memory', 'storage'] as const) {
  test(`a program cannot change a layer, whatever it does with what it shows (${disk})`, async () => {
    const key = `target ${disk}`;
    await make(
      key,
      'mkdir -p pkg/bin pkg/lib; echo one > pkg/bin/a; echo two > pkg/lib/b; chmod 755 pkg/bin/a; chmod 0 pkg/lib/b; ln -s ../lib/b pkg/bin/link',
      { disk },
    );
    const fresh = await arena.onTree([key], { disk });
    const before = await say(fresh, look);
    await fresh.destroy();
    const box = await arena.onTree([key], { disk });
    const attack = `
import os, mmap
for act in [
  lambda: os.chmod('pkg/bin/a', 0o4777), lambda: os.chmod('pkg', 0), lambda: os.chmod('pkg', 0o777),
  lambda: os.link('pkg/bin/a', 'hard'), lambda: open('hard', 'w').write('changed'),
  lambda: os.setxattr('pkg/bin/a', 'user.evil', b'1'), lambda: os.setxattr('pkg', 'user.overlay.opaque', b'y'),
  lambda: os.setxattr('pkg', 'trusted.overlay.opaque', b'y'), lambda: os.setxattr('pkg', 'user.overlay.redirect', b'/etc'),
  lambda: os.truncate('pkg/bin/a', 0), lambda: os.utime('pkg/bin/a', (0, 0)),
  lambda: os.rename('pkg/lib', 'pkg/bib'), lambda: os.rename('pkg', 'moved'),
  lambda: os.chmod('pkg/lib/b', 0o666), lambda: open('pkg/lib/b', 'w').write('changed'),
  lambda: mmap.mmap(os.open('pkg/lib/b', os.O_RDWR), 4).__setitem__(0, 88),
  lambda: os.mknod('pkg/w', 0o20000, 0), lambda: os.remove('pkg/bin/link'), lambda: os.rmdir('pkg'),
]:
    try: act()
    except OSError: pass
`;
    await box.put([textFile('attack.py', attack)]);
    assert.equal((await execute(box, { argv: ['python3', 'attack.py'] })).exit.kind, 'exited');
    assert.equal(
      await say(box, 'chmod -R 777 .; rm -rf pkg moved hard; ls; mkdir pkg; ls pkg'),
      'attack.py\n',
    );
    await box.destroy();
    const again = await arena.onTree([key], { disk });
    assert.equal(await say(again, look), before);
    await again.destroy();
  });
}

test('nothing in a sandbox leads to the layers, the upper or the work directory, or to another tenant', async () => {
  await make('hidden', 'echo CANARY-layer > secret', { tenant: 'other' });
  await make('mine', 'echo mine > a');
  const box = await arena.onTree(['mine']);
  const said = await say(
    box,
    `find / -xdev \\( -name upper -o -name work -o -name secret -o -name layers -o -name '*.ext4' \\) -not -path '/usr/*' 2>/dev/null
ls -A /proc/1/root /proc/1/cwd; ls ${arena.dataDir} ${join(arena.dataDir, 'layers')}; ls /dev/loop* /dev/mapper; cat /workspace/../secret; ls -A /proc/*/root/private`,
  );
  assert.doesNotMatch(said, /secret|CANARY|upper|gantry-|ext4|loop\d/);
  await box.destroy();
});

test('two sandboxes of one tenant cannot see, signal, trace or write to each other', async () => {
  await make('shared', 'echo below > a');
  const [first, second] = [await arena.onTree(['shared']), await arena.onTree(['shared'])];
  const abort = new AbortController();
  const up = Promise.withResolvers<void>();
  const running = first.exec({
    ...bash('echo changed > a; echo 1 > own; echo up; exec -a MARK-first sleep 60'),
    limits: { wallMs: 60_000 },
    signal: abort.signal,
    onOutput: () => up.resolve(),
  });
  await up.promise;
  const script = `cat a; ls; grep -l 'MARK-[f]irst' /proc/*/cmdline; kill -9 -1; for p in $(seq 2 300); do kill -0 $p 2>/dev/null && [ ! -d /proc/$p ] && echo reached $p; done; ls -A /tmp /dev/shm`;
  assert.equal(await say(second, script), 'below\na\n/dev/shm:\n\n/tmp:\n');
  abort.abort();
  assert.deepEqual((await running).exit, { kind: 'cancelled' }, 'the first was still running');
  await Promise.all([first.destroy(), second.destroy()]);
});

test('sandboxes of two tenants run under different users of the host, and of one tenant under the same', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('an ordinary user has one uid for all');
  const ownersOf = async (tenant: string): Promise<string> => {
    const box = await arena.onTree([], { tenant });
    await box.put([textFile('here', '')]);
    const sandboxes = join(arena.dataDir, 'sandboxes');
    const slots = readdirSync(sandboxes).flatMap((owner) =>
      readdirSync(join(sandboxes, owner)).map((slot) => join(sandboxes, owner, slot, 'disk/workspace/here')),
    );
    const owners = slots.flatMap((path) => statSync(path, { throwIfNoEntry: false })?.uid ?? []);
    await box.destroy();
    return owners.join();
  };
  const [one, other, again] = [await ownersOf('alice'), await ownersOf('bob'), await ownersOf('alice')];
  assert.match(one, /^\d+$/);
  assert.equal(one, again);
  assert.notEqual(one, other);
});

test('a tree made to defeat removal, reading and marking: all of it ends, and it goes with its layer', async () => {
  const deep = `
import os
for _ in range(3000):
    os.mkdir('d' * 200)
    os.chdir('d' * 200)
print('made')
`;
  const box = await arena.onTree([], { disk: 'storage', limits: { diskBytes: 64 * MiB } });
  await box.put([textFile('deep.py', deep)]);
  assert.equal((await execute(box, { argv: ['python3', 'deep.py'] })).stdout, 'made\n');
  assert.notEqual(await box.mark(), '');
  assert.equal(await box.read(`${'d'.repeat(200)}/none`, { offset: 0, bytes: 1 }), undefined);
  await box
    .save('deep')
    .catch((cause: unknown) => assert.ok(cause instanceof Error && /could not be saved/.test(cause.message)));
  await box.destroy();
  if (await layers.has('trial', 'deep')) {
    const above = await arena.onTree(['deep']);
    assert.equal(await say(above, 'rm -rf ddd*; ls'), 'deep.py\n');
    await above.destroy();
    assert.equal(await layers.remove('trial', 'deep'), true);
  }
  assert.deepEqual(drafts(arena.dataDir), []);
});

test('hostile names, kinds and rights: marking sees them change and hangs on none', async () => {
  const box = await arena.onTree([]);
  await say(
    box,
    `printf x > $'new\\nline'; printf x > $'bad\\xff\\xfename'; mkdir $'d\\n'; python3 -c "import socket; socket.socket(socket.AF_UNIX).bind('s')"; ln -s /proc/kmsg l; mkdir locked; echo x > locked/f; chmod 0 locked $'d\\n'`,
  );
  const before = await box.mark();
  await say(box, `printf y > $'bad\\xff\\xfename'`);
  assert.notEqual(await box.mark(), before);
  await box.destroy();
});

test('layers are cleared up, the one that was used longest ago first, and never what is in use or too large to keep', async () => {
  const trial = openTrial(createBubblewrapDriver, { storageBytes: 24 * MiB });
  const saveFilled = async (key: string, megabytes: number): Promise<void> => {
    const box = await trial.onTree([]);
    assert.equal((await execute(box, bash(`head -c ${megabytes}M /dev/urandom > f`))).exit.kind, 'exited');
    try {
      await box.save(key);
    } finally {
      await box.destroy();
    }
  };
  await assert.rejects(saveFilled('too large', 40), { code: 'DISK_FULL' });
  assert.deepEqual(await trial.driver.layers.list(), []);
  assert.deepEqual(drafts(trial.dataDir), []);
  for (const key of ['a', 'b']) await saveFilled(key, 8);
  for (const id of readdirSync(join(trial.dataDir, 'layers')).filter((name) => name.length === 40))
    agePast(join(trial.dataDir, 'layers', id));
  const user = await trial.onTree(['a']);
  for (const id of readdirSync(join(trial.dataDir, 'layers')).filter((name) => name.length === 40))
    agePast(join(trial.dataDir, 'layers', id));
  await saveFilled('c', 8);
  assert.deepEqual((await trial.driver.layers.list()).map((layer) => layer.key).toSorted(), ['a', 'c']);
  assert.equal(await say(user, 'wc -c < f'), `${8 * MiB}\n`);
  await user.destroy();
  await trial.close();
});

for (const disk of ['memory', 'storage'] as const) {
  test(`saving on a host whose disk is full: a clear end, no layer, nothing half-made (${disk})`, async (t) => {
    if (process.getuid?.() !== 0) return t.skip('needs root to make a small disk');
    const trial = openTrial(createBubblewrapDriver, { storageBytes: 48 * MiB });
    const small = join(trial.dataDir, 'layers');
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'small', trial.dataDir]);
    try {
      const box = await trial.onTree([], { disk, limits: { diskBytes: 48 * MiB } });
      assert.equal((await execute(box, bash('head -c 30M /dev/urandom > f'))).exit.kind, 'exited');
      const { bavail, bsize } = statfsSync(trial.dataDir);
      writeFileSync(join(trial.dataDir, 'full'), Buffer.alloc(bavail * bsize));
      if (disk === 'storage') await execute(box, bash('head -c 15M /dev/urandom > g'));
      await assert.rejects(box.save('full'), (cause: unknown) => {
        assert.ok(cause instanceof GantryError && /DISK_FULL|SANDBOX_FAILED/.test(cause.code), String(cause));
        return true;
      });
      await box.destroy();
      assert.deepEqual(await trial.driver.layers.list(), []);
      assert.deepEqual(
        readdirSync(small).filter((name) => name !== 'tenants'),
        [],
      );
      await trial.driver.close();
    } finally {
      spawnSync('umount', ['--lazy', trial.dataDir]);
      mkdirSync(join(trial.dataDir, 'sandboxes'), { recursive: true });
      await trial.close();
    }
  });
}

test('an image that was damaged on disk is thrown away, and can be saved again', async (t) => {
  const { gaps } = await arena.driver.probe();
  if (gaps.some((gap) => /not on storage/.test(gap.what))) return t.skip('layers are no images here');
  await make('damaged', 'echo 1 > a');
  const all = join(arena.dataDir, 'layers');
  const id = readdirSync(all).find((name) => {
    const record = join(all, name, 'layer.json');
    return existsSync(record) && readFileSync(record, 'utf8').includes('"damaged"');
  });
  assert.ok(id);
  writeFileSync(join(all, id, 'image'), Buffer.alloc(MiB));
  await assert.rejects(arena.onTree(['damaged']), { code: 'NOT_FOUND' });
  assert.equal(await layers.has('trial', 'damaged'), false);
  await make('damaged', 'echo 2 > a');
  const box = await arena.onTree(['damaged']);
  assert.equal(await say(box, 'cat a'), '2\n');
  await box.destroy();
});

test('where the kernel shows no overlay, or has no loop devices, a workspace begins with copies and lies in memory', async () => {
  const trial = openTrial((options) =>
    createBubblewrapDriver({ ...options, overlay: false, storage: false }),
  );
  const { gaps } = await trial.driver.probe();
  assert.equal(
    gaps.filter((gap) => /copies of saved trees|in memory, not on storage/.test(gap.what)).length,
    2,
  );
  const step = async (below: readonly string[], script: string, key: string): Promise<string> => {
    const box = await trial.onTree(below, { disk: 'storage' });
    const said = await say(box, script);
    await box.save(key);
    await box.destroy();
    return said;
  };
  await step([], 'mkdir pkg; echo one > pkg/a; echo two > b', 'base');
  assert.equal(await step(['base'], 'cat pkg/a b; rm -r pkg; echo new > c', 'deps'), 'one\ntwo\n');
  assert.equal(await step(['base', 'deps'], 'ls -A', 'seen'), 'b\nc\n');
  assert.equal(await step(['base'], 'ls -A', 'unchanged'), 'b\npkg\n');
  const small = { limits: { diskBytes: 64 * 1024, inodes: 8 } };
  await step([], 'for i in $(seq 50); do echo x > f$i; done', 'many');
  for (let round = 0; round < 3; round += 1)
    await assert.rejects(trial.onTree(['many'], small), { code: 'DISK_FULL' });
  assert.equal((await trial.run({ argv: ['true'] })).exit.kind, 'exited');
  await trial.close();
});

test('what a program leaves in its private directory and in /output counts as space of its disk', async () => {
  const box = await arena.onTree([], { limits: { diskBytes: 4 * MiB } });
  const filled = await execute(box, { ...bash('cat /dev/zero > /private/f'), privateDirectory: 'git' });
  assert.equal(limitOf(filled), 'disk');
  const result = await execute(box, bash('echo x > a; [ -s a ]'));
  assert.equal(limitOf(result), 'disk', JSON.stringify(result));
  await box.destroy();
});

function drafts(dataDir: string): string[] {
  return readdirSync(join(dataDir, 'layers')).filter((name) => /^(new|gone)-/.test(name));
}

function agePast(directory: string): void {
  const path = join(directory, 'layer.json');
  const { mtime } = statSync(path);
  const past = new Date(mtime.getTime() - 3_600_000);
  utimesSync(path, past, past);
}
