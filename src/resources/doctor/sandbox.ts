import type { Check } from '../../contract/system.ts';
import type { SandboxCapabilities } from '../ports/sandbox.ts';

/** What the configuration asks of a sandbox. */
interface SandboxWishes {
  readonly sandboxRequire: readonly string[];
  readonly sandboxAllowUnsafe: boolean;
}

const limitNames = ['memory', 'cpu', 'processes', 'disk', 'network'] as const;
const how = {
  kernel: 'enforced by the kernel',
  'per-process': 'enforced for each process, not for all together',
  polled: 'watched and acted on, not enforced by the kernel',
  none: 'not enforced',
} as const;

/** What is required and not enforced is missing, unless the configuration allows that; the rest is a gap. */
export function sandboxChecks(found: SandboxCapabilities, config: SandboxWishes): Check[] {
  const severe = config.sandboxAllowUnsafe ? 'gap' : 'missing';
  const filter = found.seccomp ? 'with a system call filter' : 'without a system call filter';
  return [
    {
      name: 'isolation',
      state: found.isolation === 'none' || !found.seccomp ? severe : 'ok',
      detail: `${found.driver} (${found.isolation}), ${filter}`,
    },
    ...limitNames.map((name): Check => {
      const enforcement = found.enforcement[name];
      const weak = enforcement === 'none' || enforcement === 'polled';
      const state =
        enforcement === 'kernel' ? 'ok' : weak && config.sandboxRequire.includes(name) ? severe : 'gap';
      return { name, state, detail: how[enforcement] };
    }),
    ...found.gaps.map(({ what, remedy }): Check => ({ name: 'sandbox', state: 'gap', detail: what, remedy })),
  ];
}
