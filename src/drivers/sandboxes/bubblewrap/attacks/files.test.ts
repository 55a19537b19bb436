import assert from 'node:assert/strict';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import type { SandboxCapabilities } from '../../../../resources/ports/sandbox.ts';
import { execute } from '../../trial.ts';
import { limitOf, openArena } from './arena.ts';

process.env['HOST_SECRET'] = 'hunter2';
const arena = openArena();
const { bash, python } = arena;
let capabilities: SandboxCapabilities;

before(async () => {
  capabilities = await arena.driver.probe();
});
after(() => arena.close());

test('40 a secret of the host environment: in no environment of the sandbox', async () => {
  const result = await bash(
    'env; for e in /proc/*/environ; do tr "\\0" "\\n" < $e; done; cat /proc/1/cmdline | tr "\\0" " "',
  );
  assert.doesNotMatch(result.stdout, /hunter2|HOST_SECRET|NODE_|USER=/);
  assert.match(result.stdout, /HOME=\/home\/sandbox/);
});

test('41 shadow, passwd, the home of root, /proc/1/root: not found', async () => {
  const result = await bash(
    'cat /etc/shadow /etc/passwd /etc/group /etc/machine-id /etc/hostname; ls /root /home/* /var /run /srv /opt /mnt /work; ls -A /proc/1/root; ls -A /etc',
  );
  assert.doesNotMatch(result.stdout, /root:|var|run\n/);
  const top = result.stdout.trim().split('\n');
  assert.ok(
    top.every((name) =>
      [
        'bin',
        'dev',
        'etc',
        'home',
        'lib',
        'lib32',
        'lib64',
        'libx32',
        'output',
        'proc',
        'sbin',
        'tmp',
        'usr',
        'workspace',
        'ssl',
        'alternatives',
        '/home/sandbox:',
        '',
      ].includes(name),
    ),
    result.stdout,
  );
});

test('42 writes to sysrq-trigger, core_pattern and other settings of the kernel: none succeeds', async () => {
  const result = await bash(`
for f in /proc/sysrq-trigger /proc/sys/kernel/core_pattern /proc/sys/vm/overcommit_memory /proc/sys/kernel/ns_last_pid /proc/sys/kernel/modprobe /proc/sys/user/max_user_namespaces /proc/sys/fs/file-max /proc/irq/*/smp_affinity; do
  [ -e "$f" ] && (cat "$f" > v; cat v > "$f") 2>/dev/null && echo "wrote $f"
done; echo end`);
  assert.equal(result.stdout, 'end\n');
});

test('43 kcore, kmsg, kallsyms: unreadable, or addresses zeroed', async () => {
  const result = await bash(
    'head -c 16 /proc/kcore 2>/dev/null | wc -c; head -c 16 /dev/kmsg /dev/mem 2>/dev/null | wc -c; head -200 /proc/kallsyms 2>/dev/null | cut -d" " -f1 | sort -u',
  );
  const [kcore, kmsg, ...addresses] = result.stdout.trim().split('\n');
  assert.equal(kcore, '0');
  assert.equal(kmsg, '0');
  assert.ok(
    addresses.every((address) => /^0*$/.test(address)),
    addresses.join(),
  );
});

test('45 setuid programs: without effect', async () => {
  const result = await bash(
    'ls -l $(command -v su) | cut -c4; echo | su -c id 2>&1 | grep -c uid=0; echo | passwd 2>&1 | grep -c success; id -u; grep NoNewPrivs /proc/self/status',
  );
  assert.match(result.stdout, /s\n0\n0\n1000\nNoNewPrivs:\t1\n/);
});

test('46 writes to /, /usr, /etc, /dev and /home, removing and chmod: read-only', async () => {
  const result = await bash(`
for d in / /usr /usr/bin /usr/local/bin /etc /etc/ssl /dev /home /proc /lib/; do : > $d/evil && echo "wrote $d"; mkdir $d/evil && echo "made in $d"; done 2>/dev/null
rm -f /usr/bin/env 2>/dev/null && echo removed; chmod 777 /usr /usr/bin/env / /etc 2>/dev/null && echo changed
ln -sf /tmp /usr/evil 2>/dev/null && echo linked; mv /etc/ssl /etc/lss 2>/dev/null && echo moved
: > /dev/null && : > /dev/shm/ok && : > /tmp/ok && : > ~/ok && : > ok && echo usable`);
  assert.equal(result.stdout, 'usable\n');
});

test('48 inherited descriptors: the program has 0, 1 and 2 only, whatever the host has open', async () => {
  const secret = join(arena.dataDir, 'secret');
  writeFileSync(secret, 'secret');
  const fd = openSync(secret, 'r');
  const result = await bash(
    'ls /proc/$$/fd; for p in /proc/[0-9]*; do ls -l $p/fd; done 2>/dev/null; cat /proc/self/fdinfo/0',
  );
  closeSync(fd);
  assert.match(result.stdout, /^0\n1\n2\n(255\n)?(?!\d)/);
  assert.doesNotMatch(result.stdout, /secret|seccomp|socket:|anon_inode/);
});

test('49 hardlink to a file of the host: EXDEV', async () => {
  const result = await python(
    "import os\ntry: os.link('/usr/bin/env', 'env')\nexcept OSError as error: print(error.errno)",
  );
  assert.equal(result.stdout, '18\n');
});

test('59 the cgroup file system: absent', async () => {
  const result = await bash('ls -A /sys 2>&1; grep -c cgroup /proc/mounts; cat /proc/self/cgroup');
  assert.match(result.stdout, /No such file or directory\n0\n/);
  assert.doesNotMatch(result.stdout, /gantry/, 'the cgroup namespace hides the path on the host');
});

test('60 processes of others in /proc: not visible, only its own few', async () => {
  const result = await bash('for p in /proc/[0-9]*; do tr "\\0" " " < $p/cmdline; echo; done');
  const processes = result.stdout.split('\n').filter((line) => line.trim() !== '');
  assert.ok(processes.length < 8, processes.join());
  assert.doesNotMatch(result.stdout, /node|postgres|bwrap/);
});

test('62 a second sandbox of the same tenant cannot see, signal or trace the first', async () => {
  const first = await arena.sandbox();
  const abort = new AbortController();
  let heard: () => void = () => {};
  const up = new Promise<void>((resolve) => (heard = resolve));
  const running = first.exec({
    argv: [
      'python3',
      '-c',
      "import os, socket, time # MARK-first\nos.makedirs('/tmp/shared'); open('/dev/shm/mine', 'w').write('mine'); s = socket.socket(socket.AF_UNIX); s.bind('\\0first'); s.listen(); print('up', flush=True)\ntime.sleep(60)",
    ],
    signal: abort.signal,
    limits: { wallMs: 60_000 },
    onOutput: () => heard(),
  });
  await up;
  const second = await arena.sandbox();
  const result = await execute(second, {
    argv: [
      'bash',
      '-c',
      `ls -A /tmp /dev/shm; grep -l 'MARK-[f]irst' /proc/*/cmdline; for p in $(seq 5 400); do [ -d /proc/$p ] || kill -9 $p 2>/dev/null && [ ! -d /proc/$p ] && echo "killed $p"; done
python3 -c "import socket; s = socket.socket(socket.AF_UNIX); print(s.connect_ex('\\0first'))"; ipcs -m 2>/dev/null | grep -c 0x`,
    ],
  });
  await second.destroy();
  abort.abort();
  assert.deepEqual((await running).exit, { kind: 'cancelled' }, 'the first was still running');
  await first.destroy();
  assert.match(result.stdout, /^\/dev\/shm:\n\n\/tmp:\n(111\n0\n)$/);
});

test('62b two sandboxes at once never share a uid of the host', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('an ordinary user has one uid for all');
  const boxes = await Promise.all([arena.sandbox(), arena.sandbox(), arena.sandbox()]);
  const maps = await Promise.all(
    boxes.map(
      async (box) =>
        (
          await execute(box, {
            argv: [
              'sh',
              '-c',
              'cat /proc/self/uid_map; stat -c %u /workspace; cat /proc/self/setgroups; grep Groups /proc/self/status',
            ],
          })
        ).stdout,
    ),
  );
  await Promise.all(boxes.map((box) => box.destroy()));
  for (const map of maps) assert.match(map, /^\s+1000\s+\d+\s+1\n1000\ndeny\nGroups:\t*\s*\n$/);
});

test('63 running out of memory is reported as such', async (t) => {
  const result = await bash('python3 -c "x = bytearray(400 << 20)"; exit $?');
  if (capabilities.enforcement.memory !== 'kernel')
    return t.skip('needs a cgroup: the kernel only refuses the memory here');
  assert.equal(limitOf(result), 'memory');
  assert.ok(result.exit.kind === 'limit' && result.exit.signal === 'SIGKILL');
});

test('66 the directory of another sandbox: not found', async () => {
  const other = await arena.sandbox();
  await other.put([{ path: 'secret', content: Buffer.from('secret') }]);
  const second = await arena.sandbox();
  const script = `ls ${arena.dataDir} ${join(arena.dataDir, 'sandboxes')}; ls /workspace/.. /workspace /proc/1/cwd/; find / -name 'secre[t]' -not -path '/proc/*' -not -path '/usr/*' 2>/dev/null`;
  const result = await execute(second, { argv: ['bash', '-c', script] });
  await second.destroy();
  await other.destroy();
  assert.doesNotMatch(result.stdout, /secret|sandboxes/);
});

test('67 execution from memory and tmpfs is allowed, and the filter holds there too', async () => {
  const result = await python(`
import ctypes, os, subprocess
fd = os.memfd_create('x', 0)
os.write(fd, open('/usr/bin/unshare', 'rb').read())
print(subprocess.run(['/proc/self/fd/%d' % fd, '-U', 'true'], pass_fds=[fd], stderr=subprocess.DEVNULL).returncode)
open('/tmp/run', 'wb').write(open('/usr/bin/id', 'rb').read()); os.chmod('/tmp/run', 0o755)
print(subprocess.run(['/tmp/run', '-u'], capture_output=True, text=True).stdout.strip())
`);
  assert.equal(result.stdout, '1\n1000\n');
});

test('the host itself, for comparison, does have what the sandbox must not show', () => {
  assert.equal(
    spawnSync('sh', ['-c', 'echo $HOST_SECRET; test -e /etc/passwd']).stdout.toString(),
    'hunter2\n',
  );
});
