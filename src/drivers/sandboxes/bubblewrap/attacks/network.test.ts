import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { openArena } from './arena.ts';

const arena = openArena();
const { bash, python } = arena;

after(() => arena.close());

const connect = `
import errno, socket, sys
def attempt(family, address, kind=socket.SOCK_STREAM):
    s = socket.socket(family, kind)
    s.settimeout(2)
    try:
        s.connect(address)
        if kind == socket.SOCK_DGRAM: s.send(b'x')
        print('connected', address)
    except OSError as error:
        print(errno.errorcode.get(error.errno, error))
`;

test('35 a listener on the loopback of the host: ECONNREFUSED', async () => {
  let reached = 0;
  const server = createServer(() => (reached += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const result = await python(`${connect}\nattempt(socket.AF_INET, ('127.0.0.1', ${port}))`);
  server.close();
  assert.equal(result.stdout, 'ECONNREFUSED\n');
  assert.equal(reached, 0);
});

test('36 metadata address, private, public and IPv6 addresses: ENETUNREACH', async () => {
  const result = await python(`${connect}
for host in ('169.254.169.254', '10.0.0.1', '172.16.0.1', '192.168.1.1', '1.1.1.1', '8.8.8.8'): attempt(socket.AF_INET, (host, 80))
for host in ('fd00:ec2::254', '2606:4700::1111'): attempt(socket.AF_INET6, (host, 80))
`);
  assert.deepEqual(new Set(result.stdout.trim().split('\n')), new Set(['ENETUNREACH']));
});

test('37 names and UDP 53: no answer', async () => {
  const result = await python(`${connect}
try: print(socket.getaddrinfo('example.com', 80))
except socket.gaierror as error: print('no name')
attempt(socket.AF_INET, ('8.8.8.8', 53), socket.SOCK_DGRAM)
`);
  assert.equal(result.stdout, 'no name\nENETUNREACH\n');
});

test('38 an abstract unix socket of the host: ECONNREFUSED', async () => {
  let reached = 0;
  const name = `gantry-attack-${process.pid}`;
  const server = createServer(() => (reached += 1));
  await new Promise<void>((resolve) => server.listen({ path: `\0${name}` }, resolve));
  const result = await python(
    `${connect}\nattempt(socket.AF_UNIX, '\\0${name}')\nattempt(socket.AF_UNIX, '\\0gantry-sandboxes-0')`,
  );
  server.close();
  assert.equal(result.stdout, 'ECONNREFUSED\nECONNREFUSED\n');
  assert.equal(reached, 0);
});

test('39 unix sockets of the host by path, docker.sock among them: ENOENT', async () => {
  const paths = [
    '/var/run/docker.sock',
    '/run/docker.sock',
    '/run/systemd/private',
    '/run/dbus/system_bus_socket',
    '/tmp/.X11-unix/X0',
    '/run/containerd/containerd.sock',
    `${arena.dataDir}/sandboxes`,
  ];
  const result = await python(
    `${connect}\nfor path in ${JSON.stringify(paths)}: attempt(socket.AF_UNIX, path)`,
  );
  assert.deepEqual(new Set(result.stdout.trim().split('\n')), new Set(['ENOENT']));
});

test('65 listening on 8080 works, in a network of its own', async () => {
  const program = `
import socket, threading
server = socket.create_server(('127.0.0.1', 8080))
threading.Thread(target=lambda: server.accept()[0].sendall(b'own'), daemon=True).start()
print(socket.create_connection(('127.0.0.1', 8080)).recv(3).decode())
`;
  const results = await Promise.all(
    [arena.sandbox(), arena.sandbox()].map(async (opening) => {
      const sandbox = await opening;
      let said = '';
      await sandbox.put([{ path: 'main.py', content: Buffer.from(program) }]);
      await sandbox.exec({
        argv: ['python3', 'main.py'],
        onOutput: (chunk) => (said += Buffer.from(chunk.data).toString()),
      });
      await sandbox.destroy();
      return said;
    }),
  );
  assert.deepEqual(results, ['own\n', 'own\n']);
});

test('64 writes to ip_forward, the kernel hostname and hostname: none succeeds', async () => {
  const result = await bash(`
for f in /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/hostname /proc/sys/kernel/domainname; do (echo 1 > $f) 2>/dev/null && echo "wrote $f"; done
hostname evil 2>/dev/null && echo renamed
uname -n`);
  assert.equal(result.stdout, 'sandbox\n');
});

test('only the loopback interface is there', async () => {
  const result = await bash(
    'tail -n +3 /proc/net/dev | cut -d: -f1; cat /etc/resolv.conf /etc/hosts 2>/dev/null',
  );
  assert.equal(result.stdout.trim(), 'lo');
});
