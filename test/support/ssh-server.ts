import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

export interface SshServer {
  /** `ssh://me@127.0.0.1:2222`; a path of this machine comes after it. */
  readonly url: string;
  /** Lets in as the user that runs the test. */
  readonly privateKey: string;
  /** A key that lets nobody in. */
  readonly otherKey: string;
  /** The line of `known_hosts` for this server, and one with another key. */
  readonly knownHosts: string;
  readonly otherKnownHosts: string;
  close(): Promise<void>;
}

const program = '/usr/sbin/sshd';

/** The real sshd on loopback, with keys of its own; a sentence says why where there is none. */
export async function startSshServer(): Promise<SshServer | string> {
  if (!existsSync(program)) return 'sshd is not installed (openssh-server)';
  if (/(nologin|false)$/.test(userInfo().shell ?? ''))
    return 'the user of the test has no shell to log in to';
  const place = await mkdtemp(join(tmpdir(), 'gantry-sshd-'));
  for (const name of ['host', 'user', 'other']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(place, name)]);
  }
  const read = (name: string) => readFile(join(place, name), 'utf8');
  await writeFile(join(place, 'authorized'), await read('user.pub'));
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const port = await freePort();
  const settings = [
    ...['ListenAddress=127.0.0.1', `Port=${port}`, `HostKey=${place}/host`, 'PidFile=none', 'UsePAM=no'],
    ...[`AuthorizedKeysFile=${place}/authorized`, 'StrictModes=no', 'PermitRootLogin=yes'],
    ...['PasswordAuthentication=no', 'KbdInteractiveAuthentication=no'],
  ];
  const options = settings.flatMap((setting) => ['-o', setting]);
  const child = spawn(program, ['-D', '-e', '-f', '/dev/null', ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'close');
  await listening(child.stderr, ended);
  const [privateKey, otherKey, hostKey, foreign] = await Promise.all(
    ['user', 'other', 'host.pub', 'other.pub'].map(read),
  );
  return {
    url: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    privateKey: privateKey ?? '',
    otherKey: otherKey ?? '',
    knownHosts: `[127.0.0.1]:${port} ${hostKey}`,
    otherKnownHosts: `[127.0.0.1]:${port} ${foreign}`,
    close: async () => {
      child.kill();
      await ended;
      await rm(place, { recursive: true, force: true });
    },
  };
}

async function listening(errors: NodeJS.ReadableStream, ended: Promise<unknown>): Promise<void> {
  let said = '';
  const heard = new Promise<void>((resolve) => {
    errors.on('data', (piece) => {
      said += String(piece);
      if (said.includes('Server listening')) resolve();
    });
  });
  const failed = ended.then(() => {
    throw new Error(`sshd ended: ${said}`);
  });
  await Promise.race([heard, failed]);
  failed.catch(() => undefined);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
