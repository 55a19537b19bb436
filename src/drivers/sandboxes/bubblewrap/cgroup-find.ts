import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCgroupsV1 } from './cgroup-v1.ts';
import { HOST_LEAF, openCgroupsV2 } from './cgroup-v2.ts';
import { emptyCgroups, type Cgroups } from './cgroup.ts';

interface Mount {
  readonly root: string;
  readonly at: string;
  readonly kind: string;
  readonly options: readonly string[];
}

interface Found {
  readonly cgroups: Cgroups | undefined;
  /** Why there are none. */
  readonly why: string;
}

/** Opens what this machine has and lets us use: version 1 with all four controllers, else version 2. */
export async function findCgroups(owner: string): Promise<Found> {
  try {
    const cgroups = openCgroups(owner);
    if (!cgroups) return { cgroups, why: 'no cgroup file system with memory, pids and cpu is mounted' };
    for (const root of cgroups.roots) accessSync(root, constants.W_OK);
    // An earlier owner of this number may have died.
    await emptyCgroups(cgroups.roots);
    return { cgroups, why: '' };
  } catch (cause) {
    return { cgroups: undefined, why: cause instanceof Error ? cause.message : String(cause) };
  }
}

function openCgroups(owner: string): Cgroups | undefined {
  const mounts = readMounts();
  const own = readOwnPaths();
  const v1 = (controller: string): string | undefined => {
    const mount = mounts.find(({ kind, options }) => kind === 'cgroup' && options.includes(controller));
    return mount && join(mount.at, below(own.get(controller) ?? '/', mount.root));
  };
  const [memory, pids, cpu, cpuacct] = [v1('memory'), v1('pids'), v1('cpu'), v1('cpuacct')];
  if (memory && pids && cpu && cpuacct) return openCgroupsV1({ memory, pids, cpu, cpuacct }, owner);
  const unified = mounts.find(({ kind }) => kind === 'cgroup2');
  if (!unified) return undefined;
  // An earlier owner may have moved this process into the leaf already.
  const at = below(own.get('') ?? '/', unified.root).replace(new RegExp(`/${HOST_LEAF}$`), '');
  return openCgroupsV2(join(unified.at, process.getuid?.() === 0 ? '/' : at), owner);
}

function readMounts(): Mount[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const fields = left.split(' ');
    const [kind = '', , options = ''] = right.split(' ');
    return { root: fields[3] ?? '/', at: fields[4] ?? '', kind, options: options.split(',') };
  });
}

/** Controller to path, from /proc/self/cgroup; version 2 has the empty name. */
function readOwnPaths(): Map<string, string> {
  const paths = new Map<string, string>();
  for (const line of readFileSync('/proc/self/cgroup', 'utf8').split('\n').filter(Boolean)) {
    const [, names = '', ...path] = line.split(':');
    for (const name of names.split(',')) paths.set(name, path.join(':'));
  }
  return paths;
}

function below(path: string, root: string): string {
  if (root === '/') return path;
  return path.startsWith(root) ? path.slice(root.length) || '/' : '/';
}
