import type { SandboxDriver } from './ports/sandbox.ts';

const kept = 500;

export interface SandboxStarts {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** The same driver, which also says how long its last sandboxes took until they could be used; null before the first. */
export function measureStarts(driver: SandboxDriver): {
  readonly sandboxes: SandboxDriver;
  readonly starts: () => SandboxStarts | null;
} {
  const recent: number[] = [];
  let next = 0;
  const sandboxes: SandboxDriver = {
    ...driver,
    create: async (spec) => {
      const asked = performance.now();
      const sandbox = await driver.create(spec);
      recent[next] = performance.now() - asked;
      next = (next + 1) % kept;
      return sandbox;
    },
  };
  return { sandboxes, starts: () => summarise(recent) };
}

function summarise(recent: readonly number[]): SandboxStarts | null {
  if (recent.length === 0) return null;
  const sorted = recent.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50Ms: at(0.5), p95Ms: at(0.95) };
}
