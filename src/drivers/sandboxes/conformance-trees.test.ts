import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createLogger } from '../../base/logger.ts';
import type { Sandbox, SandboxTree } from '../../resources/ports/sandbox.ts';
import { sandboxDrivers } from './index.ts';
import { execute, openTrial, textFile, trialLimits, type TreeOptions } from './trial.ts';

const MiB = 1024 * 1024;
const shell = (script: string) => ({ argv: ['sh', '-c', script] });

/** What every sandbox driver must do with saved trees and with the files of a workspace. */
for (const [name, create] of Object.entries(sandboxDrivers)) {
  const trial = openTrial(create);
  const { layers } = trial.driver;
  after(() => trial.close());

  const say = async (box: Sandbox, script: string): Promise<string> => {
    const { stdout, stderr, exit } = await execute(box, shell(script));
    assert.deepEqual(exit, { kind: 'exited', code: 0 }, stderr);
    return stdout;
  };
  /** Runs a script on layers and, with a key, saves what it made. */
  const once = async (
    below: readonly string[],
    script: string,
    { save, ...options }: TreeOptions & { save?: string } = {},
  ): Promise<string> => {
    const box = await trial.onTree(below, options);
    try {
      const said = await say(box, script);
      if (save !== undefined) await box.save(save);
      return said;
    } finally {
      await box.destroy();
    }
  };
  const read = async (box: Sandbox, path: string, offset = 0, bytes = 1_000) => {
    const part = await box.read(path, { offset, bytes });
    return part && { text: Buffer.from(part.content).toString(), size: part.size };
  };

  for (const disk of ['memory', 'storage'] as const satisfies SandboxTree['disk'][]) {
    test(`${name}, ${disk}: a workspace begins with what was saved, layer over layer, and never changes it`, async () => {
      const [base, deps] = [`${disk} base`, `${disk} deps`];
      await once([], 'mkdir -p pkg/deep; echo one > pkg/deep/a; echo two > b; ln -s b link; chmod 750 pkg', {
        disk,
        save: base,
      });
      assert.equal(
        await once([base], 'cat pkg/deep/a b link; stat -c %a pkg; id -u', { disk }),
        'one\ntwo\ntwo\n750\n1000\n',
      );
      await once([base], 'rm -r pkg; mkdir pkg; echo three > pkg/c; echo changed > b; echo new > d', {
        disk,
        save: deps,
      });
      const all = "find . -type f -exec sh -c 'echo $1 $(cat $1)' sh {} ';' | sort";
      assert.equal(await once([base, deps], all, { disk }), './b changed\n./d new\n./pkg/c three\n');
      assert.equal(await once([base], all, { disk }), './b two\n./pkg/deep/a one\n');
    });

    test(`${name}, ${disk}: what lies above layers is held by the limits of bytes and files, and by nothing below`, async () => {
      const key = `${disk} large`;
      await once([], 'head -c 20000000 /dev/zero > big; for i in $(seq 300); do : > f$i; done', {
        disk,
        save: key,
      });
      const limits = { diskBytes: 8 * MiB, inodes: 400 };
      const box = await trial.onTree([key], { disk, limits });
      assert.equal(await say(box, 'wc -c < big; ls | wc -l; rm big f*; ls | wc -l'), '20000000\n301\n0\n');
      const bytes = await execute(box, shell('cat /dev/zero > full'));
      assert.equal(bytes.exit.kind === 'limit' && bytes.exit.limit, 'disk', JSON.stringify(bytes));
      const size = Number(await say(box, 'wc -c < full; rm full'));
      assert.ok(size > 6 * MiB && size <= 8.5 * MiB, `${size} bytes`);
      const files = await execute(
        box,
        shell('i=0; while true > n$i; do i=$((i+1)); done; ls | wc -l; exit 1'),
      );
      assert.equal(files.exit.kind === 'limit' && files.exit.limit, 'disk', JSON.stringify(files));
      assert.ok(Number(files.stdout) > 50 && Number(files.stdout) <= 410, files.stdout);
      await box.destroy();
    });
  }

  test(`${name}: a workspace on storage holds more than the memory of its programs`, async (t) => {
    const { gaps } = await trial.driver.probe();
    if (gaps.some((gap) => /not on storage/.test(gap.what)))
      return t.skip('this machine has no workspaces on storage');
    const limits = { memoryBytes: 64 * MiB, diskBytes: 300 * MiB, fileBytes: 300 * MiB, wallMs: 60_000 };
    const box = await trial.onTree([], { disk: 'storage', limits });
    assert.equal(await say(box, 'head -c 250000000 /dev/zero > big; wc -c < big'), '250000000\n');
    await box.destroy();
  });

  test(`${name}: layers are told, kept while they are used, and removed by name`, async () => {
    assert.equal(await layers.has('trial', 'kept'), false);
    await once([], 'head -c 100000 /dev/urandom > a', { save: 'kept' });
    assert.equal(await layers.has('trial', 'kept'), true);
    const told = (await layers.list()).find((layer) => layer.key === 'kept');
    assert.ok(
      told && told.tenant === 'trial' && told.bytes >= 100_000 && told.bytes < 10 * MiB,
      JSON.stringify(told),
    );
    assert.ok(Date.now() - told.usedAt.getTime() < 60_000);
    const box = await trial.onTree(['kept']);
    assert.equal(await layers.remove('trial', 'kept'), false, 'it is in use');
    assert.equal(await say(box, 'wc -c < a'), '100000\n');
    await box.destroy();
    assert.equal(await layers.remove('trial', 'kept'), true);
    assert.equal(await layers.remove('trial', 'kept'), false);
    assert.equal(await layers.has('trial', 'kept'), false);
    await assert.rejects(trial.onTree(['kept']), { code: 'NOT_FOUND' });
    await once([], 'echo again > a', { save: 'kept' });
    assert.equal(await once(['kept'], 'cat a'), 'again\n');
  });

  test(`${name}: what was saved first stays, whoever saves at the same time`, async () => {
    const other = create({
      dataDir: trial.dataDir,
      require: [],
      allowUnsafe: true,
      diskBytes: 256 * MiB,
      logger: createLogger('error'),
    });
    const spec = { tenant: 'trial', limits: trialLimits, tree: { layers: [], disk: 'memory' } } as const;
    const boxes = await Promise.all([
      trial.driver.create(spec),
      other.create(spec),
      trial.driver.create(spec),
    ]);
    await Promise.all(boxes.map((box, at) => say(box, `for i in $(seq 50); do echo ${at} > f$i; done`)));
    await Promise.all(boxes.map((box) => box.save('race')));
    await assert.rejects(boxes[0].exec({ argv: ['true'] }), { code: 'CONFLICT' });
    await Promise.all(boxes.map((box) => box.destroy()));
    const seen = await once(['race'], 'cat f* | sort | uniq -c | wc -l; ls | wc -l; cat f1');
    assert.match(seen, /^1\n50\n[012]\n$/);
    await once([], 'echo late > f1', { save: 'race' });
    assert.equal(await once(['race'], 'cat f1'), seen.slice(-2));
    const held = await other.create({ ...spec, tree: { layers: ['race'], disk: 'memory' } });
    assert.equal(await layers.remove('trial', 'race'), false, 'another process uses it');
    await held.destroy();
    await other.close();
    assert.equal(await layers.remove('trial', 'race'), true);
  });

  test(`${name}: what is being made at the end is cleared away, and nothing is made after it`, async () => {
    const dataDir = trial.dataDir;
    const owners = () => readdirSync(join(dataDir, 'sandboxes')).length;
    const before = owners();
    const rules = { require: [], allowUnsafe: true, diskBytes: 256 * MiB, logger: createLogger('error') };
    const other = create({ dataDir, ...rules });
    const spec = { tenant: 'trial', limits: trialLimits, tree: { layers: [], disk: 'memory' } } as const;
    await (await other.create(spec)).destroy();
    const begun = other.create(spec);
    await other.close();
    await assert.rejects((await begun).exec({ argv: ['true'] }));
    await assert.rejects(other.create(spec), { code: 'SHUTTING_DOWN' });
    assert.equal(owners(), before);
  });

  test(`${name}: nothing of one tenant's layers reaches another`, async () => {
    await once([], 'echo secret > a', { tenant: 'one', save: 'same key' });
    assert.equal(await layers.has('two', 'same key'), false);
    await assert.rejects(trial.onTree(['same key'], { tenant: 'two' }), { code: 'NOT_FOUND' });
    await once([], 'echo mine > a', { tenant: 'two', save: 'same key' });
    assert.equal(await once(['same key'], 'cat a', { tenant: 'two' }), 'mine\n');
    assert.equal(await once(['same key'], 'cat a', { tenant: 'one' }), 'secret\n');
    assert.equal(await layers.remove('three', 'same key'), false);
  });

  test(`${name}: a sandbox without a tree can't be saved`, async () => {
    const box = await trial.sandbox();
    await assert.rejects(box.save('x'), { code: 'INPUT_INVALID' });
    await box.destroy();
  });

  test(`${name}: input that comes as a stream arrives, however short, also where nothing was started before`, async () => {
    for (let round = 0; round < 8; round += 1) {
      const box = await trial.onTree([]);
      for (const text of ['first', '', 'second']) {
        const stdin = (async function* () {
          if (text !== '') yield Buffer.from(text);
        })();
        assert.equal((await execute(box, { argv: ['cat'], stdin })).stdout, text);
      }
      await box.destroy();
    }
  });

  test(`${name}: parts of plain files are read, of layers too, and never through a link`, async () => {
    await once([], 'mkdir -p in/side; echo below > in/side/f', { save: 'readable' });
    const box = await trial.onTree(['readable']);
    await say(
      box,
      `ln -s /etc/ssl out; ln -s /etc/hostname link; ln -s in real; echo 0123456789 > n; python3 -c "import socket; socket.socket(socket.AF_UNIX).bind('sock')"`,
    );
    assert.deepEqual(await read(box, 'in/side/f'), { text: 'below\n', size: 6 });
    assert.deepEqual(await read(box, 'n', 3, 4), { text: '3456', size: 11 });
    assert.deepEqual(await read(box, 'n', 100, 4), { text: '', size: 11 });
    assert.equal(await read(box, 'nothing'), undefined);
    assert.equal(await read(box, 'no/thing'), undefined);
    for (const path of [
      'link',
      'out/certs',
      'real/side/f',
      'in',
      'in/side',
      'sock',
      '../n',
      '/etc/hostname',
      'a\nb',
      '',
    ])
      await assert.rejects(read(box, path), { code: 'INPUT_INVALID' }, path);
    await box.destroy();
  });

  test(`${name}: files and links are removed, of layers too, and nothing through a link`, async () => {
    await once([], 'mkdir in; echo below > in/f', { save: 'removable' });
    const box = await trial.onTree(['removable']);
    await say(box, 'mkdir -p real; echo x > real/kept; ln -s real alias; ln -s real/kept link');
    for (const path of ['in/f', 'link', 'nothing', 'no/thing']) await box.remove(path);
    for (const path of ['alias/kept', 'real', '..', 'a\nb'])
      await assert.rejects(box.remove(path), { code: 'INPUT_INVALID' }, path);
    assert.equal(await say(box, 'find . | sort'), '.\n./alias\n./in\n./real\n./real/kept\n');
    await box.destroy();
    assert.equal(await once(['removable'], 'cat in/f'), 'below\n');
  });

  test(`${name}: a mark stays the same as long as nothing was changed, and no longer`, async () => {
    await once([], 'mkdir in; echo below > in/f; echo more > g', { save: 'marked' });
    const box = await trial.onTree(['marked']);
    await say(box, `mkdir d; echo 1 > d/f; : > "$(printf 'new\\nline\\033')"; ln -s /etc/passwd link`);
    let last = await box.mark();
    const same = async (what: string): Promise<void> => assert.equal(await box.mark(), last, what);
    await same('at once');
    await say(box, 'cat d/f in/f; ls -R > /dev/null; echo x > /tmp/x; echo x > /output/x');
    await same('read and written elsewhere');
    assert.equal((await execute(box, { ...shell('echo 2 > d/f'), readOnly: true })).exit.kind, 'exited');
    await execute(box, { ...shell('echo 2 > /private/f'), privateDirectory: 'own' });
    await same('read-only and private');
    await read(box, 'd/f');
    for (const script of [
      'printf 2 > d/f',
      'touch -d 2001-01-01 d/f',
      'touch -r g d/f; chmod +x d/f',
      'mv d/f d/g',
      'rm in/f',
      'rm -r d; mkdir d',
      'mkdir -p e/e/e',
      'ln -sfn /etc/group link',
    ]) {
      await say(box, script);
      const next = await box.mark();
      assert.notEqual(next, last, script);
      last = next;
    }
    await box.put([textFile('put', 'x')]);
    assert.notEqual(await box.mark(), last, 'put');
    last = await box.mark();
    await box.remove('put');
    assert.notEqual(await box.mark(), last, 'remove');
    await box.destroy();
  });

  test(`${name}: a program that may only read changes nothing, and the next one may again`, async () => {
    await once([], 'mkdir in; echo below > in/f', { save: 'fixed' });
    const box = await trial.onTree(['fixed']);
    const result = await execute(box, {
      ...shell(
        'echo x > new; echo x > in/f; rm in/f; chmod 777 in; mkdir in/d; touch .; ls -A; cat in/f; echo ok > /tmp/x; cat /tmp/x',
      ),
      readOnly: true,
    });
    assert.equal(result.stdout, 'in\nbelow\nok\n');
    assert.equal(result.stderr.match(/Read-only file system/g)?.length, 6, result.stderr);
    assert.equal(await say(box, 'echo x > new; ls -A'), 'in\nnew\n');
    await box.destroy();
  });

  test(`${name}: a private directory stays from program to program, and only those that ask see it`, async () => {
    for (const box of [await trial.onTree([]), await trial.sandbox()]) {
      const ask = (script: string, privateDirectory: string) =>
        execute(box, { ...shell(script), privateDirectory });
      assert.equal((await ask('echo mine > /private/f; ls -A .', 'git')).stdout, '');
      assert.equal((await ask('cat /private/f', 'git')).stdout, 'mine\n');
      assert.equal((await ask('ls -A /private', 'other')).stdout, '');
      assert.equal(
        await say(
          box,
          'ls -d /private 2>&1 | grep -c "No such"; ls -A . ..; find / -name f -not -path "/proc/*" 2>/dev/null | grep -v /usr/ | wc -l',
        ).then((said) => said.replace(/[a-z0-9]+\n/g, (line) => (/private/.test(line) ? line : ''))),
        '.:\n\n..:\n',
      );
      for (const bad of ['', '..', 'a/b', '/', 'A', 'x'.repeat(40)])
        await assert.rejects(ask('true', bad), { code: 'INPUT_INVALID' }, bad);
      await box.destroy();
    }
    const next = await trial.sandbox();
    assert.equal((await execute(next, { ...shell('ls -A /private'), privateDirectory: 'git' })).stdout, '');
    await next.destroy();
  });

  test(`${name}: a program's own mounts and its way out are seen by it alone`, async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'gantry-shown-'));
    chmodSync(directory, 0o755);
    writeFileSync(join(directory, 'file'), 'shown');
    const egress = join(directory, 'proxy.sock');
    const server = createServer((socket) => socket.end('answer'));
    await new Promise<void>((resolve) => server.listen(egress, resolve));
    t.after(() => {
      server.close();
      rmSync(directory, { recursive: true });
    });
    const connect = `import os, socket
print(sorted(os.listdir('/run')) if os.path.exists('/run') else None)
try:
    s = socket.socket(socket.AF_UNIX); s.connect('/run/egress.sock'); print(s.recv(100))
except OSError as error: print(error.errno)
try: socket.create_connection(('127.0.0.1', 80), 1)
except OSError as error: print(error.errno)
try: os.unlink('/run/egress.sock')
except OSError as error: print(error.errno)
`;
    const box = await trial.onTree([]);
    const mounts = [{ source: directory, target: '/shown' }];
    assert.equal((await execute(box, { ...shell('cat /shown/file; : > /shown/x'), mounts })).stdout, 'shown');
    assert.equal(await say(box, 'ls -d /shown 2>/dev/null || echo gone'), 'gone\n');
    const inside = await execute(box, { argv: ['python3', '-c', connect], egress });
    assert.match(inside.stdout, /^\['egress.sock'\]\nb'answer'\n111\n(16|30)\n$/, inside.stderr);
    const without = await execute(box, { argv: ['python3', '-c', connect] });
    assert.equal(without.stdout, 'None\n2\n111\n2\n');
    await assert.rejects(box.exec({ argv: ['true'], egress: join(directory, 'file') }), {
      code: 'SANDBOX_FAILED',
    });
    await box.destroy();
  });
}
