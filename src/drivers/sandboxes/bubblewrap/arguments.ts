import {
  egressSocket,
  outputDirectory,
  privateDirectory,
  workspaceDirectory,
  type SandboxMount,
} from '../../../resources/ports/sandbox.ts';
import { hostLayout } from './host-layout.ts';

export const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';
export const HOME = '/home/sandbox';
export const WORKSPACE = workspaceDirectory;
/** Size of /tmp, /dev/shm and the home directory each, in bytes; they also count as memory. */
const SCRATCH_BYTES = String(32 * 1024 * 1024);

/** Descriptors that the launcher hands down; the first three are the program's own. */
export const descriptors = {
  boot: 3,
  ready: 4,
  status: 5,
  control: 6,
  script: 7,
  stream: 8,
  seccomp: 9,
} as const;

/** What of the host one program sees, besides its system. */
export interface View {
  readonly mounts: readonly SandboxMount[];
  readonly readOnly: boolean;
  /** Path of its private directory. */
  readonly privateAt: string | undefined;
  /** Path of the socket that is its way out. */
  readonly egress: string | undefined;
}

/** What every program of a sandbox sees. */
export function plainView(mounts: readonly SandboxMount[]): View {
  return { mounts, readOnly: false, privateAt: undefined, egress: undefined };
}

/**
 * The arguments of bwrap, without the program's name. The program is a shell as process 1: it waits for a line on the
 * control descriptor, then does what the script says; when it ends, every other process is dead before bwrap itself
 * reports the end.
 */
export function bubblewrapArguments(workspace: string, output: string, view: View): string[] {
  const { mounts, readOnly, privateAt, egress } = view;
  return [
    ...['--unshare-user', '--disable-userns', '--uid', '1000', '--gid', '1000'],
    ...['--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup'],
    ...['--hostname', 'sandbox', '--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--as-pid-1'],
    ...['--clearenv', '--setenv', 'PATH', DEFAULT_PATH, '--setenv', 'HOME', HOME],
    ...hostLayout(),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...['/tmp', '/dev/shm', HOME].flatMap((path) => ['--size', SCRATCH_BYTES, '--tmpfs', path]),
    ...mounts.flatMap((mount) => ['--ro-bind', mount.source, mount.target]),
    ...[readOnly ? '--ro-bind' : '--bind', workspace, WORKSPACE, '--chdir', WORKSPACE],
    ...['--bind', output, outputDirectory],
    ...(privateAt === undefined ? [] : ['--bind', privateAt, privateDirectory]),
    ...(egress === undefined ? [] : ['--ro-bind', egress, egressSocket]),
    ...['--remount-ro', '/dev', '--remount-ro', '/'],
    ...['--seccomp', String(descriptors.seccomp)],
    ...[
      '--',
      '/bin/sh',
      '-c',
      `read -r go <&${descriptors.control} && . /proc/self/fd/${descriptors.script}`,
    ],
  ];
}
