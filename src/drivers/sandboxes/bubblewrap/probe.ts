import { existsSync, readFileSync } from 'node:fs';
import { GantryError } from '../../../base/errors.ts';
import type {
  Enforcement,
  ExecResult,
  Sandbox,
  SandboxCapabilities,
  SandboxLimits,
} from '../../../resources/ports/sandbox.ts';
import type { Abilities } from './abilities.ts';

const MiB = 1024 * 1024;

/** Limits under which every probe ends within a fraction of a second. */
const probeLimits: SandboxLimits = {
  wallMs: 5_000,
  cpuMs: 2_000,
  memoryBytes: 64 * MiB,
  processes: 32,
  openFiles: 64,
  fileBytes: 16 * MiB,
  diskBytes: 4 * MiB,
  inodes: 256,
  stackBytes: 8 * MiB,
  outputBytes: 64 * 1024,
};

type Gap = SandboxCapabilities['gaps'][number];
type Limited = keyof SandboxCapabilities['enforcement'];
type Create = (limits: SandboxLimits) => Promise<Sandbox>;

export interface ProbeOptions {
  readonly create: Create;
  readonly cgroup: 'v1' | 'v2' | 'none';
  /** Why there is no cgroup. */
  readonly cgroupProblem: string;
  readonly abilities: () => Promise<Abilities>;
  readonly require: readonly string[];
  readonly allowUnsafe: boolean;
}

/** Attacks the sandbox and reports what held. Throws SANDBOX_UNAVAILABLE when less holds than is required. */
export async function probe(options: ProbeOptions): Promise<SandboxCapabilities> {
  const [isolation, memory, processes, disk, cpu, abilities] = await Promise.all([
    probeIsolation(options.create),
    attempt(options.create, { memoryBytes: 16 * MiB }, 'dd if=/dev/zero of=/dev/null bs=48M count=1'),
    attempt(options.create, { processes: 6 }, 'i=0; while [ $i -lt 12 ]; do sleep 2 & i=$((i+1)); done'),
    attempt(options.create, {}, 'head -c 8388608 /dev/zero > big'),
    attempt(options.create, { cpuMs: 20 }, 'while :; do :; done'),
    options.abilities(),
  ]);
  const grouped = options.cgroup !== 'none';
  const enforcement: Record<Limited, Enforcement> = {
    memory: grouped && held(memory, 'memory') ? 'kernel' : failed(memory) ? 'per-process' : 'none',
    cpu: held(cpu, 'cpu') ? (grouped ? 'kernel' : 'per-process') : 'none',
    processes: failed(processes) ? 'kernel' : 'none',
    disk: held(disk, 'disk') ? 'kernel' : 'none',
    network: isolation.network ? 'kernel' : 'none',
  };
  const gaps = [
    ...(grouped ? [] : [cgroupGap(options.cgroupProblem)]),
    ...isolation.gaps,
    ...Object.entries(enforcement).flatMap(([what, how]) => (how === 'none' ? [limitGap(what)] : [])),
    ...treeGaps(abilities),
  ];
  const missing = options.require.filter(
    (what) => isLimited(what, enforcement) && !['kernel', 'per-process'].includes(enforcement[what]),
  );
  const unsafe = [...missing, ...(isolation.seccomp ? [] : ['the system call filter'])];
  if (unsafe.length > 0 && !options.allowUnsafe) {
    throw new GantryError(
      'SANDBOX_UNAVAILABLE',
      `This machine does not enforce ${unsafe.join(', ')}. ${gaps.map((gap) => `${gap.what}: ${gap.remedy}`).join(' ')}`,
    );
  }
  return { driver: 'bubblewrap', isolation: 'namespaces', seccomp: isolation.seccomp, enforcement, gaps };
}

/** mknod of a pipe is allowed to anyone outside: only the filter refuses it. */
const isolationScript = `
mknod pipe p 2>/dev/null && echo mknod
grep -q '^Seccomp:.2' /proc/self/status || echo seccomp
grep -q '^NoNewPrivs:.1' /proc/self/status || echo privileges
grep -q '^CapBnd:.0000000000000000' /proc/self/status || echo capabilities
unshare -U true 2>/dev/null && echo namespaces
grep -v -e '|' -e ' lo:' /proc/net/dev && echo network
touch /probe /usr/probe /dev/probe 2>/dev/null && echo writable
exit 0`;

async function probeIsolation(create: Create): Promise<{ seccomp: boolean; network: boolean; gaps: Gap[] }> {
  let said = '';
  const sandbox = await create(probeLimits);
  try {
    const result = await sandbox.exec({
      argv: ['sh', '-c', isolationScript],
      onOutput: (chunk) => (said += Buffer.from(chunk.data).toString()),
    });
    if (result.exit.kind !== 'exited') said += 'end';
  } catch (cause) {
    throw unavailable(cause);
  } finally {
    await sandbox.destroy();
  }
  const failures = said.split('\n').filter(Boolean);
  const seccomp = !failures.some((word) =>
    ['mknod', 'seccomp', 'privileges', 'capabilities', 'namespaces', 'writable', 'end'].includes(word),
  );
  const gaps = seccomp
    ? []
    : [
        {
          what: `The sandbox is weaker than it must be (${failures.join(', ')})`,
          remedy: 'Use a kernel with CONFIG_SECCOMP_FILTER and a current bubblewrap.',
        },
      ];
  return { seccomp, network: !failures.includes('network'), gaps };
}

async function attempt(
  create: Create,
  limits: Partial<SandboxLimits>,
  script: string,
): Promise<ExecResult | undefined> {
  const sandbox = await create({ ...probeLimits, ...limits });
  try {
    return await sandbox.exec({ argv: ['sh', '-c', script] });
  } catch {
    return undefined;
  } finally {
    await sandbox.destroy();
  }
}

function held(result: ExecResult | undefined, limit: string): boolean {
  return result?.exit.kind === 'limit' && result.exit.limit === limit;
}

function failed(result: ExecResult | undefined): boolean {
  return result !== undefined && !(result.exit.kind === 'exited' && result.exit.code === 0);
}

function isLimited(what: string, enforcement: Record<Limited, Enforcement>): what is Limited {
  return what in enforcement;
}

function limitGap(what: string): Gap {
  return {
    what: `Nothing limits ${what}`,
    remedy:
      'Run Gantry on a kernel with cgroups and user namespaces, or name what you can do without in sandboxRequire.',
  };
}

function treeGaps({ noOverlay, noStorage }: Abilities): Gap[] {
  const overlay = {
    what: `Workspaces begin with copies of saved trees, which is slow (${noOverlay})`,
    remedy:
      'Load the kernel module overlay; as an ordinary user it needs Linux 5.11 or later, with tmpfs attributes of 6.6.',
  };
  const storage = {
    what: `Large workspaces lie in memory, not on storage (${noStorage})`,
    remedy: 'Run Gantry as root with /dev/loop-control and e2fsprogs, or raise sandboxDiskMib.',
  };
  return [...(noOverlay === undefined ? [] : [overlay]), ...(noStorage === undefined ? [] : [storage])];
}

function cgroupGap(why: string): Gap {
  return {
    what: `No cgroup can be used (${why})`,
    remedy:
      'Start Gantry as root, or with a delegated cgroup: systemd-run --user --scope -p Delegate=yes gantry up.',
  };
}

function unavailable(cause: unknown): GantryError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new GantryError('SANDBOX_UNAVAILABLE', `No sandbox can be started: ${said} ${namespaceRemedy()}`, {
    cause,
  });
}

function namespaceRemedy(): string {
  if (setting('kernel/unprivileged_userns_clone') === '0')
    return 'Allow user namespaces: sysctl -w kernel.unprivileged_userns_clone=1';
  if (setting('kernel/apparmor_restrict_unprivileged_userns') === '1') {
    return 'AppArmor forbids user namespaces: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or give /usr/bin/bwrap a profile with "userns,".';
  }
  if (setting('user/max_user_namespaces') === '0')
    return 'Allow user namespaces: sysctl -w user.max_user_namespaces=15000';
  return 'In a container, start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined; the data directory must be reachable by other users (chmod o+x on its parents).';
}

function setting(name: string): string | undefined {
  const path = `/proc/sys/${name}`;
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}
