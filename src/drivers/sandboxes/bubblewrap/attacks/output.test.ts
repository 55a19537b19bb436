import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { collectAll, execute, type TrialRequest } from '../../trial.ts';
import { openArena } from './arena.ts';

const arena = openArena();
after(() => arena.close());

const MiB = 1024 * 1024;
const generous = { files: 100_000, fileBytes: 64 * MiB, bytes: 64 * MiB };

/** Runs an attack in /output, then collects what it left; answers files by name, and what was left out by reason. */
async function leave(argv: readonly string[], request: Partial<TrialRequest> = {}, limits = generous) {
  const sandbox = await arena.sandbox(request.limits);
  try {
    const result = await execute(sandbox, { argv });
    const { files, skipped, more } = await collectAll(sandbox, limits);
    return { result, files, names: [...files.keys()], skipped, more };
  } finally {
    await sandbox.destroy();
  }
}
const bash = (script: string, request?: Partial<TrialRequest>, limits = generous) =>
  leave(['bash', '-c', `cd /output && ${script}`], request, limits);
const python = (code: string, request?: Partial<TrialRequest>, limits = generous) =>
  leave(['python3', '-c', `import os\nos.chdir("/output")\n${code}`], request, limits);
const reasons = (skipped: readonly { name: string; reason: string }[]) =>
  Object.fromEntries(skipped.map(({ name, reason }) => [name, reason]));

test('O1 links to files of the host, out of the tree, to directories, to each other: none is followed', async () => {
  const { names, skipped } = await bash(`
echo secret > /workspace/secret; echo mine > real
ln -s /etc/shadow shadow; ln -s /etc/passwd passwd; ln -s ../../../../../../etc/shadow up; ln -s /workspace/secret in
ln -s / root; ln -s . self; ln -s loop2 loop1; ln -s loop1 loop2; ln -s real alias; ln -s /proc/self/environ env
ln -s nowhere dangling; mkdir d; ln -s /etc d/etc; ln -s /output d/all`);
  assert.deepEqual(names, ['real']);
  assert.deepEqual([...new Set(skipped.map(({ reason }) => reason))], ['link']);
  assert.equal(skipped.length, 13);
});

test('O2 a directory in the place of a link, and the output directory itself replaced: nothing of the host comes', async () => {
  const { names } = await bash(
    'mkdir a; echo x > a/f; mv a b; ln -s /etc a; cd /; rm -rf /output; mv /output /tmp/o; ln -s /etc /output; rmdir /output; chmod 000 /output; exit 0',
  );
  assert.deepEqual(names, []);
});

test('O3 hard links: within the output they are files, to anything else there is no way', async () => {
  const { names, result } = await bash(
    'echo one > a; ln a b; echo secret > /workspace/s; ln /workspace/s c; ln /etc/ssl/openssl.cnf d; ln /tmp e; exit 0',
  );
  assert.deepEqual(names, ['a', 'b']);
  assert.match(result.stderr, /Invalid cross-device link/);
  const many = await bash(
    'head -c 1048576 /dev/zero > f; for i in $(seq 1 500); do ln f l$i; done',
    {},
    {
      ...generous,
      bytes: 4 * MiB,
    },
  );
  assert.equal(many.names.length, 4);
  assert.equal(many.skipped.length + many.more, 497);
});

test('O4 devices and pipes can not be made, and a socket is left out', async () => {
  const { names, skipped, result } = await python(`
import socket
socket.socket(socket.AF_UNIX).bind("socket")
for kind, number in ((0o020666, os.makedev(1, 5)), (0o060666, os.makedev(8, 0)), (0o020666, os.makedev(5, 0)), (0o010666, 0)):
    try: os.mknod("device", kind, number)
    except PermissionError: print("refused")
open("plain", "w").write("x")`);
  assert.equal(result.stdout, 'refused\n'.repeat(4));
  assert.deepEqual(names, ['plain']);
  assert.deepEqual(reasons(skipped), { socket: 'special' });
});

test('O5 a sparse file of a terabyte can not be made, and one within the limits counts as large as it says', async () => {
  const { result, names, skipped } = await python(
    `
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try: os.truncate(os.open("tera", os.O_CREAT | os.O_WRONLY), 1 << 40)
except OSError as error: print("refused", error.errno)
os.truncate(os.open("sparse", os.O_CREAT | os.O_WRONLY), 60 << 20)`,
    {},
    { ...generous, fileBytes: 10 * MiB },
  );
  assert.match(result.stdout, /^refused 27/);
  assert.deepEqual(names, ['tera']);
  assert.deepEqual(reasons(skipped), { sparse: 'too_large' });
});

test('O6 a hundred thousand files: the disk takes no more than its inodes, the rest is counted, not listed', async () => {
  const { names, skipped, more } = await python(
    'try:\n  for i in range(100000): open(f"f{i}", "w").close()\nexcept OSError: pass',
    {},
    { ...generous, files: 50 },
  );
  assert.equal(names.length, 50);
  assert.equal(skipped.length, 100);
  assert.ok(more > 7_000 && more < 8_200, String(more));
});

test('O7 a tree of 3000 levels, and long names at every level: what is too deep is left out, and the slot is cleaned', async () => {
  const { names, skipped } = await python(`
open("top", "w").write("x")
for i in range(3000):
    name = "d" * 200
    os.mkdir(name); os.chdir(name)
    if i in (3, 2000): open("f", "w").close()`);
  assert.equal(names.length, 2);
  assert.ok(names.includes('top'));
  assert.equal(skipped.length, 1);
  assert.equal(skipped[0]?.reason, 'too_deep');
  assert.ok((skipped[0]?.name.length ?? 999) <= 201);
});

test('O8 names with newlines, control, bidi and broken UTF-8 are left out, and told so that they can be shown', async () => {
  const { names, skipped } = await python(`
for name in (b"a\\nb", b"\\x1b[31mred", b"\\x7f", b"\\xc2\\x85", "photo\\u202egnp.exe".encode(), "\\u2066x".encode(), "\\u200fx".encode(),
             b"\\xff\\xfe", b"\\xc0\\xaf", b"\\xed\\xa0\\x80", "tag\\U000e0041".encode(), "line\\u2028".encode(),
             b"..hidden", b"...", b"-rf", b" ", b"~", b"$(id)", b"<img src=x>", b'"quoted"', b"a\\\\b", "\\u00e9".encode(), "e\\u0301".encode()):
    open(name, "w").close()
open(b"x" * 255, "w").close()`);
  const good = [
    '..hidden',
    '...',
    '-rf',
    ' ',
    '~',
    '$(id)',
    '<img src=x>',
    '"quoted"',
    'a\\b',
    '\u00e9',
    'e\u0301',
    'x'.repeat(255),
  ];
  assert.deepEqual([...names].sort(), good.sort());
  assert.equal(skipped.length, 12);
  assert.ok(skipped.every(({ reason }) => reason === 'name'));
  const shown = skipped.map(({ name }) => name).join('');
  assert.doesNotMatch(shown, /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
});

test('O9 names that clash in case or in form stay apart', async () => {
  const { files } = await bash('echo 1 > readme; echo 2 > README; mkdir D d; echo 3 > D/x; echo 4 > d/x');
  assert.deepEqual([...files].map(([name, data]) => [name, data.toString().trim()]).sort(), [
    ['D/x', '3'],
    ['README', '2'],
    ['d/x', '4'],
    ['readme', '1'],
  ]);
});

test('O10 files that change while they are read: whoever changed them is dead by then', async () => {
  const { files, result } = await python(`
import subprocess, sys, time
writer = """
import os, signal
for s in (1, 2, 3, 15): signal.signal(s, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        n = 0
        while True:
            n += 1
            with open('/output/counter', 'w') as f: f.write(str(n).rjust(100000, '.'))
            try:
                os.unlink('/output/swap'); os.symlink('/etc/passwd', '/output/swap')
                os.unlink('/output/swap'); open('/output/swap', 'w').close()
            except OSError: pass
"""
open("swap", "w").close()
for i in range(4): subprocess.Popen([sys.executable, "-c", writer], stdin=-3, stdout=-3, stderr=-3)
while not os.path.exists("counter"): time.sleep(0.01)
time.sleep(0.2)`);
  assert.equal(result.exit.kind, 'exited');
  const counter = files.get('counter')?.toString() ?? '';
  assert.match(counter, /^\.*\d*$/);
  assert.ok((files.get('swap')?.length ?? 0) === 0);
});

test('O11 no process of the sandbox lives while its files are read', async () => {
  const sandbox = await arena.sandbox();
  await sandbox.exec({
    argv: ['bash', '-c', 'for i in 1 2 3; do (setsid sleep 300 &) ; done; echo x > /output/f'],
  });
  let looked = false;
  await collectAll(sandbox, generous, async () => {
    await arena.assertNoProcess();
    looked = true;
  });
  assert.ok(looked);
  await sandbox.destroy();
});

test('O12 files without permissions are read, setuid means nothing, and directories without permissions are entered', async () => {
  const { files } = await bash(
    'echo a > none; chmod 000 none; cp /bin/true root; chmod 6777 root; mkdir d; echo b > d/f; chmod 000 d; chmod 0111 /output',
  );
  assert.deepEqual([...files.keys()], ['d/f', 'none', 'root']);
  assert.equal(files.get('none')?.toString(), 'a\n');
});

test('O13 an attribute or lock on a file, a file held open and deleted: nothing waits and nothing comes', async () => {
  const { names } = await python(`
import fcntl
f = open("locked", "w"); f.write("x"); f.flush(); fcntl.flock(f, fcntl.LOCK_EX)
g = open("gone", "w"); g.write("y" * 1000); g.flush(); os.unlink("gone")
try: os.setxattr("locked", "user.x", b"1")
except OSError: pass`);
  assert.deepEqual(names, ['locked']);
});

test('O14 a program on a terminal can not put words into the mouth of the host, nor reach the pipes of another', async () => {
  const { stdout } = await arena.python(
    `
import fcntl, os, termios
for call in (lambda: fcntl.ioctl(0, termios.TIOCSTI, b"x"), lambda: fcntl.ioctl(0, 0x541C, b"\\x02")):
    try: call(); print("did")
    except OSError as error: print("refused", error.errno)
print(sorted(os.listdir("/dev/pts")))
for fd in range(3, 12):
    try: os.fstat(fd); print("open", fd)
    except OSError: pass
`,
    { terminal: { rows: 5, cols: 60 } },
  );
  assert.match(stdout, /refused 1\r\nrefused 1\r\n\['0', 'ptmx'\]\r\n$/);
});

test('O15 a program that kills its own terminal ends, and the next one is none the wiser', async () => {
  const sandbox = await arena.sandbox();
  const killed = await sandbox.exec({
    argv: [
      'bash',
      '-c',
      'for p in /proc/[0-9]*; do p=${p#/proc/}; [ $p = 1 ] || [ $p = $$ ] || kill -9 $p; done; echo 9 9 > /proc/1/fd/6; sleep 1; kill -9 $PPID',
    ],
    terminal: { rows: 5, cols: 60 },
  });
  assert.notEqual(killed.exit.kind, 'limit');
  const next = await execute(sandbox, { argv: ['stty', 'size'], terminal: { rows: 7, cols: 70 } });
  assert.equal(next.stdout, '7 70\r\n');
  await sandbox.destroy();
});
