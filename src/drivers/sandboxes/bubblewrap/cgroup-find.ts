import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCgroupsV1 } from './cgroup-v1.ts';
import { openCgroupsV2 } from './cgroup-v2.ts';
import type { Cgroups } from './cgroup.ts';

interface Mount {
  readonly root: string;
  readonly at: string;
  readonly kind: string;
  readonly options: readonly string[];
}

/** Opens what this machine has and lets us use: version 1 with all four controllers, else version 2; else says why not. */
export function findCgroups(owner: string): { readonly cgroups: Cgroups | undefined; readonly why: string } {
  const mounts = readMounts();
  const own = readOwnPaths();
  const v1 = (controller: string): string | undefined => {
    const mount = mounts.find(
      (candidate) => candidate.kind === 'cgroup' && candidate.options.includes(controller),
    );
    return mount && join(mount.at, below(own.get(controller) ?? '/', mount.root));
  };
  const [memory, pids, cpu, cpuacct] = [v1('memory'), v1('pids'), v1('cpu'), v1('cpuacct')];
  const unified = mounts.find((candidate) => candidate.kind === 'cgroup2');
  try {
    if (memory && pids && cpu && cpuacct) {
      return { cgroups: openCgroupsV1({ memory, pids, cpu, cpuacct }, owner), why: '' };
    }
    if (unified) {
      const base = join(unified.at, process.getuid?.() === 0 ? '/' : below(own.get('') ?? '/', unified.root));
      return { cgroups: openCgroupsV2(base, owner), why: '' };
    }
    return { cgroups: undefined, why: 'no cgroup file system is mounted' };
  } catch (cause) {
    return { cgroups: undefined, why: cause instanceof Error ? cause.message : String(cause) };
  }
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
