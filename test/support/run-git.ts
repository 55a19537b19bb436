import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { RunGit } from '../../src/resources/ports/forge.ts';

/** The real git, asked as the port says; the credential comes from a helper that reads the environment of that process. */
export const runGit: RunGit = async ({ command, remote, patterns = [], credential, signal }) => {
  const place = await mkdtemp(join(tmpdir(), 'gantry-run-git-'));
  try {
    const helper = '!f() { echo "username=$GANTRY_USER"; echo "password=$GANTRY_PASSWORD"; }; f';
    const settings =
      credential && !credential.ssh ? ['-c', 'credential.helper=', '-c', `credential.helper=${helper}`] : [];
    const child = spawn('git', [...settings, ...command, '--', remote, ...patterns], {
      cwd: place,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal && { signal }),
      env: {
        PATH: process.env['PATH'],
        LC_ALL: 'C',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_TERMINAL_PROMPT: '0',
        GIT_ASKPASS: '/bin/false',
        ...(credential && { GANTRY_USER: credential.username, GANTRY_PASSWORD: credential.password }),
        ...(credential?.ssh && { GIT_SSH_COMMAND: await sshCommand(place, credential.ssh) }),
      },
    });
    const exit = new Promise<number | null>((resolve) => {
      child.on('error', () => resolve(null)).on('close', resolve);
    });
    const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
    return { exitCode, stdout, stderr };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
};

async function sshCommand(
  place: string,
  { privateKey, knownHosts }: { privateKey: string; knownHosts: string },
): Promise<string> {
  await writeFile(join(place, 'key'), privateKey);
  await chmod(join(place, 'key'), 0o600);
  await writeFile(join(place, 'known'), knownHosts);
  return `ssh -F none -i ${place}/key -o IdentitiesOnly=yes -o BatchMode=yes -o UserKnownHostsFile=${place}/known -o GlobalKnownHostsFile=/dev/null`;
}
