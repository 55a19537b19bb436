import assert from 'node:assert/strict';
import { constants, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { execute } from '../../trial.ts';
import { limitOf, openArena } from './arena.ts';

const MiB = 1024 * 1024;
const arena = openArena();
const { bash, python } = arena;

after(() => arena.close());

/** The workspace of the one sandbox that lives, as the host sees it; undefined where only its holder can. */
function hostWorkspace(): string | undefined {
  const sandboxes = join(arena.dataDir, 'sandboxes');
  const [owner = ''] = readdirSync(sandboxes);
  const slots = readdirSync(join(sandboxes, owner)).filter((name) => /^s\d+$/.test(name));
  return slots
    .map((slot) => join(sandboxes, owner, slot, 'disk', 'workspace'))
    .find((path) => exists(path) && readdirSync(path).length > 0);
}

function exists(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}

test('05 fill /dev/shm and /tmp: ENOSPC on both, and at home', async () => {
  const result = await bash(
    'for d in /dev/shm /tmp $HOME; do head -c 50000000 /dev/zero > $d/full || echo stopped; rm $d/full; done',
    { limits: { memoryBytes: 256 * MiB } },
  );
  assert.equal(result.stdout, 'stopped\nstopped\nstopped\n');
  assert.match(result.stderr, /No space left on device/);
});

test('06 one big file: EFBIG at 64 MiB', async () => {
  const result = await python(
    `
import os, signal
size = 0
try:
    with open('big', 'wb', buffering=0) as file:
        while True: size += file.write(bytes(1 << 20))
except OSError as error:
    print(error.errno, os.path.getsize('big'))
    raise
`,
    { limits: { diskBytes: 100 * MiB } },
  );
  assert.equal(result.stdout, `27 ${64 * MiB}\n`);
  assert.equal(limitOf(result), 'disk');
});

test('07 sparse file of 1 TiB: EFBIG', async () => {
  const result = await python("open('sparse', 'w').truncate(1 << 40)");
  assert.match(result.stderr, /\[Errno 27\] File too large/);
});

for (const [number, diskMiB] of [
  ['08', 64],
  ['08b', 96],
] as const) {
  test(`${number} disk of ${diskMiB} MiB filled by many files: ENOSPC`, async () => {
    const result = await bash('for i in $(seq 1 300); do head -c 1048576 /dev/zero > f$i || exit 1; done', {
      limits: { diskBytes: diskMiB * MiB },
    });
    assert.match(result.stderr, /No space left on device/);
    assert.equal(limitOf(result), 'disk');
  });
}

for (const [number, inodes] of [
  ['55', 8_192],
  ['55b', 1_000],
] as const) {
  test(`${number} 100,000 files where ${inodes} are allowed: ENOSPC`, async () => {
    const result = await python(
      `
import sys
made = 0
try:
    for index in range(100000):
        open('f%d' % index, 'w').close()
        made += 1
except OSError as error:
    print(error.errno, made)
    sys.exit(1)
`,
      { limits: { inodes } },
    );
    const [errno, made] = result.stdout.trim().split(' ').map(Number);
    assert.equal(errno, 28);
    assert.ok(made !== undefined && made <= inodes && made >= inodes - 5, `${made} were made`);
    assert.equal(limitOf(result), 'disk');
  });
}

test('09 output flood: cut at 1 MiB, long before its time is up', async () => {
  const result = await bash('yes');
  assert.equal(result.stdout.length, MiB);
  assert.equal(limitOf(result), 'output');
  assert.equal(result.truncated, true);
  assert.ok(result.wallMs < 3_000);
});

const deepTree = `
import os
for _ in range(3000):
    os.mkdir('d' * 200)
    os.chdir('d' * 200)
print('made')
`;

test('54 directories 3,000 deep with names of 200 bytes: made, and gone with the sandbox', async () => {
  const result = await python(deepTree);
  assert.equal(result.stdout, 'made\n');
  const next = await bash('ls -A');
  assert.equal(next.stdout, '');
});

test('H02 removing 3,000 deep directories: the whole file system goes, nobody walks them', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('needs root to reach the workspace from the host');
  const sandbox = await arena.sandbox();
  await sandbox.put([{ path: 'attack.py', content: Buffer.from(deepTree) }]);
  await execute(sandbox, { argv: ['python3', 'attack.py'] });
  assert.ok(hostWorkspace());
  await sandbox.destroy();
  assert.equal(hostWorkspace(), undefined);
});

test('61 links and names with control characters as artifacts: made, and nothing of them reaches the next sandbox', async () => {
  const result = await bash(`
ln -s /etc/shadow link; ln -s / root; : > $'new\\nline\\e[31m'; mkdir -p a/b && : > a/b/c
mkfifo pipe 2>&1 || echo "no pipe"
[ -L link ] && [ -L root ] && ls | wc -l`);
  assert.match(result.stdout, /no pipe/, 'a pipe, on which a reader would hang, is refused by the filter');
  const next = await bash('ls -A');
  assert.equal(next.stdout, '');
});

test('H01 naive read of an artifact that links to a secret: the way the host opens files refuses it', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('needs root to reach the workspace from the host');
  const sandbox = await arena.sandbox();
  await execute(sandbox, { argv: ['ln', '-s', '/etc/hostname', 'result.txt'] });
  const path = join(hostWorkspace() ?? '', 'result.txt');
  assert.equal(
    readFileSync(path, 'utf8'),
    readFileSync('/etc/hostname', 'utf8'),
    'read without care it leaks',
  );
  assert.throws(() => openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW), { code: 'ELOOP' });
  await sandbox.put([{ path: 'result.txt', content: Buffer.from('mine') }]);
  assert.notEqual(readFileSync('/etc/hostname', 'utf8'), 'mine');
  await sandbox.destroy();
});

test('inotify: one sandbox cannot use up the watches of another', async () => {
  const exhaust = `
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
made = 0
while made < 100000 and libc.inotify_init() >= 0: made += 1
fd_error = ctypes.get_errno()
print(made, fd_error)
sys.stdout.flush()
if len(sys.argv) > 1:
    import time; time.sleep(60)
`;
  const first = await arena.sandbox();
  await first.put([{ path: 'attack.py', content: Buffer.from(exhaust) }]);
  const abort = new AbortController();
  let heard: (text: string) => void = () => {};
  const counted = new Promise<string>((resolve) => (heard = resolve));
  const running = first.exec({
    argv: ['python3', 'attack.py', 'hold'],
    signal: abort.signal,
    limits: { wallMs: 60_000 },
    onOutput: (chunk) => heard(Buffer.from(chunk.data).toString()),
  });
  const [made = 0, errno] = (await counted).trim().split(' ').map(Number);
  assert.ok(made > 0 && made < 1_024, `${made} instances`);
  assert.equal(errno, 24, 'EMFILE');
  const other = await arena.sandbox();
  await other.put([{ path: 'attack.py', content: Buffer.from(exhaust) }]);
  const second = await execute(other, { argv: ['python3', 'attack.py'] });
  await other.destroy();
  abort.abort();
  await running;
  await first.destroy();
  assert.ok(process.getuid?.() !== 0 || second.stdout === `${made} 24\n`, second.stdout);
});
