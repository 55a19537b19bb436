import { spawn } from 'node:child_process';
import { GantryError } from '../../base/errors.ts';
import type { GitCredential, RunGit } from '../ports/forge.ts';
import { explainGit } from './git-problems.ts';
import { readProgress, type GitProgress } from './git-progress.ts';
import { originOf, protocolOf } from './git-remote.ts';
import { sshCommand, type SshAddress } from './ssh-address.ts';
import { openSshKey, type OpenSshKey } from './ssh-key.ts';

/** What lets git in at a remote. */
export type HostGitCredential = Pick<GitCredential, 'username' | 'password' | 'ssh'>;

export interface HostGitRequest {
  /** The command with its options. What a user wrote belongs into `operands`. */
  readonly args: readonly string[];
  /** Come after `--`: remotes, refs, patterns. */
  readonly operands?: readonly string[];
  /** A bare repository that no sandbox can write; none for commands that need none. */
  readonly repository?: string;
  /** The one address that it may talk to; without it no protocol is spoken at all. */
  readonly remote?: string;
  readonly credential?: HostGitCredential | null;
  /** A proxy of ours through which it must go out. */
  readonly proxyUrl?: string | undefined;
  /** The checked address to which ssh connects, for a remote that users named. */
  readonly ssh?: SshAddress | undefined;
  readonly stdin?: string;
  readonly signal?: AbortSignal | undefined;
  /** Real time, in milliseconds; ten minutes unless given. */
  readonly timeoutMs?: number;
  /** What it may print, in bytes; 16 MiB unless given. */
  readonly maxOutput?: number;
  readonly onProgress?: ((progress: GitProgress) => void) | undefined;
}

export interface HostGitAnswer {
  /** Null when it was stopped. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The last 64 KiB, without the credential. */
  readonly stderr: string;
  readonly stopped: 'aborted' | 'timeout' | 'output' | null;
}

const defaultTimeoutMs = 600_000;
const defaultOutput = 16 * 1024 ** 2;
const keptErrors = 64 * 1024;

/**
 * The one place where the host starts git. It gets an empty environment and no configuration of this machine, speaks one
 * protocol, runs no hooks, and sees the credential only through a pipe of its own. Any exit is an answer.
 */
export async function askHostGit(request: HostGitRequest): Promise<HostGitAnswer> {
  const key = request.credential?.ssh ? await openSshKey(request.credential.ssh) : undefined;
  try {
    return await start(request, key);
  } finally {
    await key?.close();
  }
}

/** The same, where anything but success is an error: what `explainGit` makes of git's words. */
export async function runHostGit(request: HostGitRequest): Promise<string> {
  const answer = await askHostGit(request);
  if (answer.exitCode === 0) return answer.stdout;
  request.signal?.throwIfAborted();
  throw explainGit(answer, request);
}

/** How a remote is reached; nothing of it for one that the operator vouches for. */
export type GitWay = Pick<HostGitRequest, 'proxyUrl' | 'ssh'>;

/** What forge drivers ask git by. `wayTo` says how a remote is reached. */
export function createRunGit(wayTo: (remote: string) => Promise<GitWay>): RunGit {
  return async ({ command, remote, patterns = [], credential, signal }) => {
    const { exitCode, stdout, stderr } = await askHostGit({
      args: command,
      operands: [remote, ...patterns],
      remote,
      credential,
      ...(await wayTo(remote)),
      signal,
      timeoutMs: 60_000,
    });
    return { exitCode, stdout, stderr };
  };
}

function start(request: HostGitRequest, key: OpenSshKey | undefined): Promise<HostGitAnswer> {
  const { args, operands, credential, signal } = request;
  const password = credential && !credential.ssh ? credential : null;
  // A git whose Gantry was killed must not go on writing into a mirror that others lock.
  const argv = ['--pdeathsig', 'KILL', '--', 'git', ...args, ...(operands ? ['--', ...operands] : [])];
  const child = spawn('setpriv', argv, {
    cwd: '/',
    detached: true,
    env: environment(request, key),
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<HostGitAnswer>();
  let stopped: HostGitAnswer['stopped'] = null;
  const stop = (why: NonNullable<HostGitAnswer['stopped']>): void => {
    stopped ??= why;
    killGroup(child.pid);
  };
  const onAbort = (): void => stop('aborted');
  const timer = setTimeout(() => stop('timeout'), request.timeoutMs ?? defaultTimeoutMs);
  const pieces: Buffer[] = [];
  let size = 0;
  let errors = '';
  const hidden = password?.password ?? '';
  child.stdout.on('data', (piece: Buffer) => {
    size += piece.length;
    if (size > (request.maxOutput ?? defaultOutput)) stop('output');
    else pieces.push(piece);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-keptErrors);
    for (const progress of request.onProgress ? readProgress(text) : []) request.onProgress?.(progress);
  });
  for (const pipe of [child.stdin, child.stdio[3]])
    if (pipe && 'end' in pipe) pipe.on('error', () => undefined);
  const secret = child.stdio[3];
  if (secret && 'end' in secret) secret.end(password ? credentialLines(password) : '');
  child.stdin.end(request.stdin ?? '');
  child.on('error', (cause) =>
    reject(
      new GantryError('WORKSPACE_FAILED', 'git could not be started. Install git and util-linux.', { cause }),
    ),
  );
  child.on('close', (exitCode) => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    resolve({
      exitCode: stopped === null ? exitCode : null,
      stdout: Buffer.concat(pieces).toString(),
      stderr: hidden === '' ? errors : errors.replaceAll(hidden, '***'),
      stopped,
    });
  });
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return promise;
}

function environment(request: HostGitRequest, key: OpenSshKey | undefined): Record<string, string> {
  const { repository, remote, proxyUrl, credential, ssh } = request;
  const settings: [string, string][] = [
    ['core.hooksPath', '/dev/null'],
    ['core.fsmonitor', 'false'],
    ['gc.auto', '0'],
    ['maintenance.auto', 'false'],
    ['transfer.fsckObjects', 'true'],
    ...oldSins.map((name): [string, string] => [`fetch.fsck.${name}`, 'ignore']),
    ['fetch.recurseSubmodules', 'false'],
    ['submodule.recurse', 'false'],
    ['http.lowSpeedLimit', '1000'],
    ['http.lowSpeedTime', '60'],
    ['credential.helper', ''],
  ];
  if (proxyUrl !== undefined) settings.push(['http.proxy', proxyUrl]);
  if (remote !== undefined && credential && !credential.ssh)
    settings.push([`credential.${originOf(remote)}.helper`, helper]);
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LC_ALL: 'C',
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    SSH_ASKPASS: '/bin/false',
    GIT_NO_LAZY_FETCH: '1',
    GIT_CEILING_DIRECTORIES: '/',
    GIT_ALLOW_PROTOCOL: remote === undefined ? 'none' : protocolOf(remote),
    ...(repository !== undefined && { GIT_DIR: repository }),
    ...(key && { SSH_AUTH_SOCK: key.socket }),
    GIT_SSH_COMMAND: sshCommand(key?.knownHosts ?? '/dev/null', ssh),
    GIT_SSH_VARIANT: 'ssh',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([name, value], n) => [
        [`GIT_CONFIG_KEY_${n}`, name],
        [`GIT_CONFIG_VALUE_${n}`, value],
      ]),
    ),
  };
}

/* Answers once, from the pipe that only this git and its children have open. */
const helper = '!f() { test "$1" != get || cat <&3; }; f';

/** Mistakes that old versions of git let through and that harm nobody; forges are full of them. */
const oldSins = [
  'badTimezone',
  'emptyName',
  'missingEmail',
  'missingNameBeforeEmail',
  'missingSpaceBeforeDate',
  'missingSpaceBeforeEmail',
  'zeroPaddedDate',
  'zeroPaddedFilemode',
];

function credentialLines({ username, password }: HostGitCredential): string {
  if (/[\n\0]/.test(username + password))
    throw new GantryError('FORGE_KEY_REFUSED', 'The credential holds a line break. Store it again without.');
  return `username=${username}\npassword=${password}\n`;
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
