import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Programs that tests work with, and the Debian package that brings each. What is large (Go, Rust, Java) isn't here. */
const packages: Readonly<Record<string, string>> = {
  bwrap: 'bubblewrap',
  python3: 'python3',
  gcc: 'gcc',
  'g++': 'g++',
  ruby: 'ruby',
  perl: 'perl',
  php: 'php-cli',
  'lua5.4': 'lua5.4',
  pgbouncer: 'pgbouncer',
  sshd: 'openssh-server',
  chromium: 'chromium',
};

const policyPath = '/usr/sbin/policy-rc.d';

/** Installs what is missing, as root through apt; otherwise says what to type. Tests without their program skip. */
export function installTestPrograms(say: (line: string) => void): void {
  const missing = Object.entries(packages).filter(([program]) => !isInstalled(program));
  if (missing.length === 0) return;
  const names = missing.map(([, name]) => name).join(' ');
  if (process.getuid?.() !== 0 || !isInstalled('apt-get')) {
    say(`Some tests skip, because programs are missing. To have them: sudo apt-get install ${names}`);
    return;
  }
  say(`Installing ${names} ...`);
  const failed = withoutServices(() => aptInstall(names.split(' ')));
  if (failed) say(`Some tests skip, because apt-get install ${names} failed: ${failed}`);
}

function isInstalled(program: string): boolean {
  const directories = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin'];
  return directories.some((directory) => isExecutable(join(directory, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function aptInstall(names: readonly string[]): string | undefined {
  const apt = (...words: string[]) =>
    spawnSync('apt-get', ['-y', '-o', 'DPkg::Lock::Timeout=120', '--no-install-recommends', ...words], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  let result = apt('install', ...names);
  if (result.status !== 0) {
    apt('update');
    result = apt('install', ...names);
  }
  return result.status === 0 ? undefined : (result.stderr || String(result.error)).trim().split('\n').at(-1);
}

/** Debian starts what it installs; a test run must not leave a pgbouncer listening. */
function withoutServices<T>(work: () => T): T {
  if (existsSync(policyPath)) return work();
  writeFileSync(policyPath, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return work();
  } finally {
    rmSync(policyPath, { force: true });
  }
}
