import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GantryError } from '../../base/errors.ts';
import type { SshKey } from '../ports/forge.ts';

/** A key that is in an agent of its own: in memory only, until it is closed. */
export interface OpenSshKey {
  /** Where its agent listens. */
  readonly socket: string;
  /** The file of host keys that are trusted. */
  readonly knownHosts: string;
  close(): Promise<void>;
}

/** Puts a key into a new ssh-agent, past any file. FORGE_KEY_REFUSED when it is no key. */
export async function openSshKey(key: SshKey): Promise<OpenSshKey> {
  const place = await mkdtemp(join(tmpdir(), 'gantry-ssh-'));
  const socket = join(place, 'agent');
  const known = join(place, 'known_hosts');
  const agent = spawn('setpriv', ['--pdeathsig', 'TERM', '--', 'ssh-agent', '-D', '-a', socket], {
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(agent, 'close').catch(() => undefined);
  const close = async (): Promise<void> => {
    agent.kill();
    await ended;
    await rm(place, { recursive: true, force: true });
  };
  try {
    // It says where it listens once it does.
    await Promise.race([once(agent.stdout, 'data'), ended]);
    await addKey(socket, key.privateKey);
    await writeFile(known, key.knownHosts, { mode: 0o600 });
  } catch (error) {
    await close();
    throw error;
  }
  return { socket, knownHosts: known, close };
}

async function addKey(socket: string, privateKey: string): Promise<void> {
  const adding = spawn('ssh-add', ['-q', '-'], {
    env: { PATH: '/usr/bin:/bin', SSH_AUTH_SOCK: socket, SSH_ASKPASS: '/bin/false' },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  adding.stdin.on('error', () => undefined);
  adding.stdin.end(`${privateKey.trim()}\n`);
  const [code]: [number | null] = await new Promise((resolve, reject) =>
    adding.on('error', reject).on('close', (exit) => resolve([exit])),
  );
  if (code !== 0)
    throw new GantryError(
      'FORGE_KEY_REFUSED',
      'The SSH key cannot be used: it is no private key, or it has a passphrase. Give one without.',
    );
}
