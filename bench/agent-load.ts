import { busySeconds, cpuOf, familyOf, megabytes, postgresOf } from './processes.ts';

/** What used the CPUs, in seconds. */
export interface Load {
  readonly seconds: number;
  readonly main: number;
  /** The server's other threads: file system, compiler, garbage. */
  readonly threads: number;
  readonly postgres: number;
  /** Programs in sandboxes and all that sets them up, git in them included. */
  readonly sandboxes: number;
  /** All of the machine, others' work included. */
  readonly machine: number;
  /** Most memory at any moment, in MB of PSS. */
  readonly memory: { readonly server: number; readonly postgres: number; readonly sandboxes: number };
}

interface Server {
  readonly pid: number;
  readonly dataDir: string;
}

const sampleMs = 500;

/** Watches what a server and all that belongs to it use while `work` lasts. */
export async function underWatch(server: Server, work: () => Promise<unknown>): Promise<Load> {
  const most = { server: 0, postgres: 0, sandboxes: 0 };
  const timer = setInterval(() => {
    const postgres = postgresOf(server.dataDir);
    const others = familyOf(server.pid).filter((pid) => pid !== server.pid && !postgres.includes(pid));
    most.server = Math.max(most.server, megabytes([server.pid], 'Pss'));
    most.postgres = Math.max(most.postgres, megabytes(postgres, 'Pss'));
    most.sandboxes = Math.max(most.sandboxes, megabytes(others, 'Pss'));
  }, sampleMs);
  const before = used(server);
  const begun = performance.now();
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  const after = used(server);
  const took = (name: keyof typeof before) => after[name] - before[name];
  return {
    seconds: (performance.now() - begun) / 1000,
    main: took('main'),
    threads: took('server') - took('main'),
    postgres: took('postgres'),
    sandboxes: took('sandboxes'),
    machine: took('machine'),
    memory: most,
  };
}

function used({ pid, dataDir }: Server) {
  const postgres = postgresOf(dataDir);
  const [postmaster = 0] = postgres;
  const others = familyOf(pid).filter((each) => each !== pid && !postgres.includes(each));
  const whole = (pids: readonly number[]) =>
    pids.reduce((sum, each) => sum + cpuOf(each).own + cpuOf(each).ended, 0);
  return {
    main: cpuOf(pid, pid).own,
    server: cpuOf(pid).own,
    postgres: postgres.reduce((sum, each) => sum + cpuOf(each).own, 0) + cpuOf(postmaster).ended,
    sandboxes: cpuOf(pid).ended + whole(others),
    machine: busySeconds(),
  };
}

/** CPU of Gantry and its programs, in seconds. */
export function cpuSeconds(load: Load): number {
  return namedParts(load).reduce((sum, [, seconds]) => sum + seconds, 0);
}

/** Which part used how much of the CPU for one of `calls`, in words, the most first. */
export function partsOf(load: Load, calls: number): string {
  const parts = namedParts(load).toSorted(([, a], [, b]) => b - a);
  return parts.map(([name, seconds]) => `${name} ${((1000 * seconds) / calls).toFixed(1)} ms`).join(', ');
}

/** What held the work up, in words, from what was used. */
export function limitOf(load: Load, cpus: number): string {
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const busy = load.machine / load.seconds / cpus;
  const others = (load.machine - cpuSeconds(load)) / load.seconds / cpus;
  const thread = load.main / load.seconds;
  const [most = ''] = namedParts(load).toSorted(([, a], [, b]) => b - a)[0] ?? [];
  if (busy > 0.85) {
    return `limited by the ${cpus} CPUs (${percent(busy)} busy, ${percent(others)} with work of others), of which ${most} took the most`;
  }
  if (thread > 0.8) return `limited by Node's main thread (${percent(thread)} of one CPU)`;
  return `limited by waiting: the CPUs were ${percent(busy)} busy, Node's main thread ${percent(thread)}`;
}

function namedParts({ sandboxes, main, threads, postgres }: Load): [string, number][] {
  return [
    ['programs in sandboxes and their set-up', sandboxes],
    ["Node's main thread", main],
    ["Node's other threads", threads],
    ['PostgreSQL', postgres],
  ];
}
